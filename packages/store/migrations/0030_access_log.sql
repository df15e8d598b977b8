-- Who looked at what people did, and what for: append-only, one row per answer.
create table public.access_log (
  tenant_id text not null,
  access_id uuid not null default gen_random_uuid(),
  at timestamptz not null default recsys.now(),
  namespace text not null check (recsys.is_namespace(namespace)),
  actor text not null,
  actor_kind text not null check (actor_kind in ('human', 'service')),
  kind text not null,
  shown text not null check (shown in ('personal', 'pseudonyms')),
  user_key uuid,
  decision_id uuid,
  purpose text check (length(purpose) <= 500),
  rows bigint,
  expires_at timestamptz,
  primary key (tenant_id, access_id)
);
create index access_log_by_time on public.access_log (tenant_id, at desc, access_id desc);
create index access_log_by_user on public.access_log (tenant_id, user_key, at desc) where user_key is not null;
comment on column public.access_log.kind is 'What was read: decisions, decision, why_not, events, exposures, outcomes, users, export, report';
comment on column public.access_log.shown is 'Whether people appeared as themselves or as pseudonyms';
comment on column public.access_log.user_key is 'The person, where the request named one; an orphan once the person is erased';
comment on column public.access_log.rows is 'Rows in the answer; null for what was streamed';
comment on column public.access_log.expires_at is 'Until when an export or report may be kept';

select recsys.protect('public.access_log');
grant select, insert on public.access_log to recsys_app;
