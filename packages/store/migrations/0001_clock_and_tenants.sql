-- The schema of functions, the one clock, tenants, API keys and replicas' revisions.
create schema recsys;

-- Nobody but the owner may put anything where functions with the owner's rights would find it.
revoke create on schema public from public;

grant usage on schema public, recsys to recsys_app;

-- Every time in SQL comes from here; only a test's owner may replace it.
create function recsys.now() returns timestamptz
  language sql volatile parallel safe
  as $$ select pg_catalog.clock_timestamp() $$;

-- The tenant of the running transaction, or null.
create function recsys.tenant() returns text
  language sql stable parallel safe
  as $$ select nullif(pg_catalog.current_setting('recsys.tenant', true), '') $$;

-- True when the owner itself is at work (migrations, backup, restore), and
-- false inside functions that run with the owner's rights on behalf of the
-- application: those see one tenant like everybody else. The session keeps
-- its login there, and the application's may not become the owner.
create function recsys.is_maintenance() returns boolean
  language sql stable parallel safe
  as $$ select pg_catalog.pg_has_role(session_user, current_user, 'member') $$;

-- Turns row-level security on for a tenant's table and keeps it on for its owner.
create function recsys.protect(target regclass) returns void
  language plpgsql
  as $$
  begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
      'create policy one_tenant on %s using (tenant_id = (select recsys.tenant()))
         with check (tenant_id = (select recsys.tenant()))', target);
    execute format(
      'create policy maintenance on %s to %I using ((select recsys.is_maintenance()))
         with check ((select recsys.is_maintenance()))', target, current_user);
  end $$;
revoke execute on function recsys.protect(regclass) from public;

-- Tenantless by ruling: what a process must know before it knows the tenant.
create table public.tenants (
  tenant_id text primary key check (tenant_id ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name text not null,
  serving_mode text not null check (serving_mode in ('db', 'artifact')),
  secret bytea not null check (length(secret) = 32),
  time_offset_days integer not null default 0,
  created_at timestamptz not null default recsys.now()
);
grant select, insert on public.tenants to recsys_app;
grant update (name, serving_mode, time_offset_days) on public.tenants to recsys_app;

create table public.api_keys (
  key_id uuid primary key default gen_random_uuid(),
  tenant_id text not null references public.tenants,
  role text not null,
  name text not null,
  digest bytea not null unique,
  created_at timestamptz not null default recsys.now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_of_tenant on public.api_keys (tenant_id, created_at);
grant select, insert on public.api_keys to recsys_app;
grant update (revoked_at, expires_at) on public.api_keys to recsys_app;
