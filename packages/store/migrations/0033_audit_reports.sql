-- Reports on the lists that one person was shown: asked for by one, let out by
-- another, readable for a time. The page is made of the decisions when it is
-- read, so that an erasure reaches it.
create table public.audit_reports (
  tenant_id text not null,
  report_id uuid not null default gen_random_uuid(),
  namespace text not null check (recsys.is_namespace(namespace)),
  user_key uuid not null,
  span_from timestamptz not null,
  span_to timestamptz not null check (span_to > span_from),
  purpose text not null check (length(purpose) <= 500),
  state text not null default 'requested' check (state in ('requested', 'approved', 'refused')),
  requested_by text not null,
  requested_at timestamptz not null default recsys.now(),
  decided_by text,
  decided_at timestamptz,
  note text check (length(note) <= 500),
  expires_at timestamptz,
  primary key (tenant_id, report_id)
);
create index audit_reports_by_time
  on public.audit_reports (tenant_id, namespace, requested_at desc, report_id desc);
comment on column public.audit_reports.expires_at is 'Until when an approved report can be read';

select recsys.protect('public.audit_reports');
grant select, insert on public.audit_reports to recsys_app;
grant update (state, decided_by, decided_at, note, expires_at) on public.audit_reports to recsys_app;
