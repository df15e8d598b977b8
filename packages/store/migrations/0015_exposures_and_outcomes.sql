-- No foreign keys to decisions: what happened may arrive before the decision
-- that led to it is shipped.
create sequence public.feedback_seq;
grant usage on sequence public.feedback_seq to recsys_app;

create table public.exposures (
  tenant_id text not null,
  namespace text not null,
  seq bigint not null default nextval('public.feedback_seq'),
  request_id uuid not null,
  item_id text collate "C" not null,
  exposure_id text collate "C",
  user_key uuid,
  ts timestamptz not null,
  received_at timestamptz not null,
  contaminated boolean not null default false
) partition by range (received_at);
create index exposures_by_time on public.exposures (tenant_id, namespace, received_at, seq);
create index exposures_by_request on public.exposures (request_id);
create index exposures_by_user on public.exposures (user_key);
comment on table public.exposures is 'What was really seen of a slate, one row an item, by day of receipt';
comment on column public.exposures.contaminated is 'A merge gave its person another experiment bucket; excluded from analysis';

create table public.outcomes (
  tenant_id text not null,
  namespace text not null,
  seq bigint not null default nextval('public.feedback_seq'),
  request_id uuid not null,
  item_id text collate "C" not null,
  type text collate "C" not null,
  event_id text collate "C",
  user_key uuid not null,
  value float8,
  quantity float8,
  price float8,
  ts timestamptz not null,
  late boolean not null,
  received_at timestamptz not null
) partition by range (received_at);
create index outcomes_by_time on public.outcomes (tenant_id, namespace, received_at, seq);
create index outcomes_by_request on public.outcomes (request_id);
create index outcomes_by_user on public.outcomes (user_key);
comment on table public.outcomes is 'What people did that followed from a slate, by day of receipt';

select recsys.protect('public.exposures');
select recsys.protect('public.outcomes');
grant select, insert on public.exposures to recsys_app;
grant update (user_key, contaminated) on public.exposures to recsys_app;
grant select, insert, delete on public.outcomes to recsys_app;
grant update (user_key) on public.outcomes to recsys_app;
