-- Whom we were asked to forget: keys only, so that the list itself tells nothing.
-- A restore applies it again, because a backup may be older than the request.
create table public.erasures (
  tenant_id text not null references public.tenants,
  namespace text not null,
  user_key uuid not null,
  erased_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace, user_key)
);
select recsys.protect('public.erasures');
grant select on public.erasures to recsys_app;

-- Deletes every row of a person from every table that has a user_key, now and
-- in later releases: a table cannot be forgotten. Returns the number of rows.
create function recsys.delete_person(in_tenant text, in_namespace text, key uuid) returns bigint
  language plpgsql
  as $$
  declare
    target regclass;
    gone bigint;
    total bigint := 0;
  begin
    for target in
      select c.oid::regclass
        from pg_catalog.pg_class c
        join pg_catalog.pg_attribute k on k.attrelid = c.oid and k.attname = 'user_key'
        join pg_catalog.pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
        join pg_catalog.pg_attribute n on n.attrelid = c.oid and n.attname = 'namespace'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and not c.relispartition and c.oid <> 'public.erasures'::regclass
        order by c.relname
    loop
      execute format(
        'delete from %s where tenant_id = $1 and namespace = $2 and user_key = $3', target)
        using in_tenant, in_namespace, key;
      get diagnostics gone = row_count;
      total := total + gone;
    end loop;
    return total;
  end $$;
revoke execute on function recsys.delete_person(text, text, uuid) from public;

-- Erases a person of the transaction's tenant and remembers it for restores.
create function recsys.erase_person(in_namespace text, key uuid) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    insert into public.erasures (tenant_id, namespace, user_key)
      values (recsys.tenant(), in_namespace, key)
      on conflict (tenant_id, namespace, user_key) do update set erased_at = recsys.now();
    return recsys.delete_person(recsys.tenant(), in_namespace, key);
  end $$;
revoke execute on function recsys.erase_person(text, uuid) from public;
grant execute on function recsys.erase_person(text, uuid) to recsys_app;

-- Applies the whole list once more; for the owner after a restore.
create function recsys.repeat_erasures() returns bigint
  language sql
  as $$
    select coalesce(sum(recsys.delete_person(e.tenant_id, e.namespace, e.user_key)), 0)::bigint
      from public.erasures e
  $$;
revoke execute on function recsys.repeat_erasures() from public;
