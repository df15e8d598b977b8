create table public.runs (
  tenant_id text not null,
  run_id uuid not null default gen_random_uuid(),
  namespace text not null,
  pipeline text not null,
  state text not null default 'running'
    check (state in ('running', 'succeeded', 'failed', 'abandoned')),
  owner text not null,
  trigger text not null,
  as_of timestamptz not null,
  code_version text not null,
  parameters jsonb not null default '{}',
  inputs jsonb not null default '{}',
  outputs jsonb not null default '{}',
  progress jsonb not null default '{}',
  error text,
  started_at timestamptz not null default recsys.now(),
  heartbeat_at timestamptz not null default recsys.now(),
  finished_at timestamptz,
  primary key (tenant_id, run_id)
);
create index runs_by_time on public.runs (tenant_id, namespace, started_at desc, run_id desc);
comment on table public.runs is 'One run of a pipeline with its lineage';
comment on column public.runs.inputs is 'What it read: days of events with fingerprints, catalogue revision, versions';
comment on column public.runs.outputs is 'What it made: artifact hashes, report, manifest';

create table public.job_freshness (
  tenant_id text not null,
  namespace text not null,
  job text not null,
  last_started_at timestamptz not null,
  last_success_at timestamptz,
  as_of timestamptz,
  last_run_id uuid not null,
  last_error text,
  primary key (tenant_id, namespace, job)
);

-- A lock that outlives no holder: it lapses when it is not renewed. fence
-- grows with each holder, so that a late one can be told from the present one.
create table public.pipeline_locks (
  tenant_id text not null,
  namespace text not null,
  name text not null,
  holder text,
  fence bigint not null default 0,
  expires_at timestamptz not null,
  primary key (tenant_id, namespace, name)
);

select recsys.protect('public.runs');
select recsys.protect('public.job_freshness');
select recsys.protect('public.pipeline_locks');
grant select, insert, update, delete on public.runs to recsys_app;
grant select, insert, update on public.job_freshness to recsys_app;
grant select, insert, update on public.pipeline_locks to recsys_app;
