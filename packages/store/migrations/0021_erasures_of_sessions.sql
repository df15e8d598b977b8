-- What an erasure remembers of the identifiers, for a month: decisions that
-- were logged before it and are shipped after it must not bring anybody back.
create table public.erased_pseudonyms (
  tenant_id text not null references public.tenants,
  namespace text not null,
  pseudonym text collate "C" not null,
  erased_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace, pseudonym)
);
comment on table public.erased_pseudonyms is 'Whose logged decisions are dropped when they are shipped late; a row lives for 30 days';
select recsys.protect('public.erased_pseudonyms');
grant select on public.erased_pseudonyms to recsys_app;

-- The key of a person and those of the sessions that the person was seen in:
-- what a visitor did before signing in stands under the key of the session.
create function recsys.keys_of_person(in_namespace text, key uuid) returns uuid[]
  language sql stable
  as $$
    select array(
      select key
      union
      select e.session_key
        from public.events e
       where e.user_key = key and e.session_key is not null
         and e.tenant_id = recsys.tenant() and e.namespace = in_namespace)
  $$;
grant execute on function recsys.keys_of_person(text, uuid) to recsys_app;

-- Notes every pseudonym that leads to the key, and lets go of those that are a month old.
create function recsys.note_pseudonyms(in_tenant text, in_namespace text, key uuid) returns void
  language sql
  as $$
    delete from public.erased_pseudonyms e
     where e.tenant_id = in_tenant and e.erased_at < recsys.now() - interval '30 days';
    insert into public.erased_pseudonyms (tenant_id, namespace, pseudonym)
      select p.tenant_id, p.namespace, p.pseudonym
        from public.people p
       where p.tenant_id = in_tenant and p.namespace = in_namespace and p.user_key = key
      on conflict (tenant_id, namespace, pseudonym) do update set erased_at = excluded.erased_at;
  $$;
revoke execute on function recsys.note_pseudonyms(text, text, uuid) from public;

-- Erases a person of the transaction's tenant with the sessions that the
-- person was seen in, and remembers it for restores and for late decisions.
create or replace function recsys.erase_person(in_namespace text, key uuid) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    keys uuid[];
    one uuid;
    gone bigint := 0;
  begin
    -- Shipping holds this lock shared from its look at the list to its commit.
    perform pg_advisory_xact_lock(hashtextextended('recsys.erasures.' || recsys.tenant(), 0));
    -- Twice: whoever writes rows of the person holds its lock, so once it is
    -- ours no further session can come to be linked.
    for turn in 1..2 loop
      keys := recsys.keys_of_person(in_namespace, key);
      perform 1
         from public.people p
        where p.tenant_id = recsys.tenant() and p.namespace = in_namespace
          and p.user_key = any(keys)
        order by p.pseudonym
          for update;
    end loop;
    foreach one in array keys loop
      insert into public.erasures (tenant_id, namespace, user_key)
        values (recsys.tenant(), in_namespace, one)
        on conflict (tenant_id, namespace, user_key) do update set erased_at = recsys.now();
      perform recsys.note_pseudonyms(recsys.tenant(), in_namespace, one);
      gone := gone + recsys.delete_person(recsys.tenant(), in_namespace, one);
    end loop;
    return gone;
  end $$;

-- Applies the whole list once more; for the owner after a restore.
create or replace function recsys.repeat_erasures() returns bigint
  language plpgsql
  as $$
  declare
    one record;
    gone bigint := 0;
  begin
    for one in select e.tenant_id, e.namespace, e.user_key from public.erasures e loop
      perform recsys.note_pseudonyms(one.tenant_id, one.namespace, one.user_key);
      gone := gone + recsys.delete_person(one.tenant_id, one.namespace, one.user_key);
    end loop;
    return gone;
  end $$;
