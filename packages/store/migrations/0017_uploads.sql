create table public.uploads (
  tenant_id text not null,
  upload_id uuid not null default gen_random_uuid(),
  namespace text not null,
  kind text not null check (kind in ('items', 'users', 'events', 'exposures', 'outcomes')),
  format text not null,
  state text not null default 'received'
    check (state in ('received', 'validating', 'loading', 'done', 'failed', 'stuck')),
  resume_state text check (resume_state in ('received', 'validating', 'loading')),
  probe boolean not null default false,
  settings jsonb not null default '{}',
  bytes_total bigint not null,
  bytes_read bigint not null default 0,
  rows_read bigint not null default 0,
  accepted bigint not null default 0,
  duplicate bigint not null default 0,
  rejected bigint not null default 0,
  evidence jsonb,
  error text,
  created_by text not null,
  created_at timestamptz not null default recsys.now(),
  heartbeat_at timestamptz not null default recsys.now(),
  finished_at timestamptz,
  primary key (tenant_id, upload_id)
);
create index uploads_by_time on public.uploads (tenant_id, namespace, created_at desc, upload_id desc);
comment on column public.uploads.settings is 'Column mapping, adapter and options of the reader';
comment on column public.uploads.resume_state is 'State that a stuck upload was in';
comment on column public.uploads.evidence is 'Counts per type, rejected rows and checks against the API';

-- Positions and reasons only; rows themselves hold identifiers of people.
create table public.upload_errors (
  tenant_id text not null,
  upload_id uuid not null,
  row_number bigint not null,
  path text not null,
  code text not null,
  message text not null,
  primary key (tenant_id, upload_id, row_number, path, code),
  foreign key (tenant_id, upload_id) references public.uploads on delete cascade
);

select recsys.protect('public.uploads');
select recsys.protect('public.upload_errors');
grant select, insert, update, delete on public.uploads to recsys_app;
grant select, insert on public.upload_errors to recsys_app;
