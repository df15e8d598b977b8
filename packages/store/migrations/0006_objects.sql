-- Immutable bytes named by their SHA-256, for tenants without object storage.
create table public.objects (
  tenant_id text not null references public.tenants,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  created_at timestamptz not null default recsys.now(),
  primary key (tenant_id, hash)
);
create table public.object_chunks (
  tenant_id text not null,
  hash text not null,
  seq integer not null,
  bytes bytea not null check (length(bytes) <= 1048576),
  primary key (tenant_id, hash, seq),
  foreign key (tenant_id, hash) references public.objects on delete cascade
);
-- Tensors do not compress; trying costs more than it saves.
alter table public.object_chunks alter column bytes set storage external;
select recsys.protect('public.objects');
select recsys.protect('public.object_chunks');
grant select, insert, delete on public.objects, public.object_chunks to recsys_app;
