-- One counter per tenant says "something that serving depends on has moved".
-- Tenantless by ruling: replicas poll it for all tenants at once. A restore
-- gives a new incarnation, so a counter that went backwards is never trusted.
create table public.revisions (
  tenant_id text primary key references public.tenants,
  incarnation uuid not null default gen_random_uuid(),
  n bigint not null default 0
);
grant select on public.revisions to recsys_app;

create function recsys.start_revisions() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    insert into public.revisions (tenant_id) values (new.tenant_id);
    return new;
  end $$;
create trigger start_revisions after insert on public.tenants
  for each row execute function recsys.start_revisions();

-- Moves the revision of the transaction's tenant and tells the replicas at commit.
create function recsys.bump_revision() returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    moved bigint;
  begin
    update public.revisions set n = n + 1
      where tenant_id = recsys.tenant() returning n into moved;
    if moved is null then
      raise exception 'no such tenant' using errcode = 'RC404';
    end if;
    perform pg_notify('recsys_revision',
      json_build_object('tenant', recsys.tenant(), 'n', moved)::text);
    return moved;
  end $$;
revoke execute on function recsys.bump_revision() from public;
grant execute on function recsys.bump_revision() to recsys_app;

-- Which revision each replica serves, so that "is it effective everywhere?" has an answer.
create table public.revision_acks (
  tenant_id text not null references public.tenants,
  replica text not null,
  incarnation uuid not null,
  n bigint not null,
  acked_at timestamptz not null default recsys.now(),
  primary key (tenant_id, replica)
);
select recsys.protect('public.revision_acks');
grant select, insert, update, delete on public.revision_acks to recsys_app;
