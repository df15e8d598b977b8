-- The one timer system: what is due when, for which tenant.
create table public.obligations (
  tenant_id text not null references public.tenants,
  obligation_id uuid not null default gen_random_uuid(),
  kind text not null,
  subject text not null,
  payload jsonb not null default '{}',
  due_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'done')),
  attempt integer not null default 0,
  last_error text,
  created_at timestamptz not null default recsys.now(),
  done_at timestamptz,
  primary key (tenant_id, obligation_id),
  unique (tenant_id, kind, subject)
);
select recsys.protect('public.obligations');
grant select, insert, update, delete on public.obligations to recsys_app;

-- Tenantless by ruling: workers ask it what is due before they know for whom.
-- It holds times and leases, nothing of a customer.
create table public.obligations_due (
  obligation_id uuid primary key,
  tenant_id text not null references public.tenants,
  kind text not null,
  due_at timestamptz not null,
  leased_by text,
  leased_until timestamptz,
  lease uuid
);
create index obligations_due_by_time on public.obligations_due (due_at);
grant select, insert, update, delete on public.obligations_due to recsys_app;
