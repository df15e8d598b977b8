-- Erasure starts from pseudonyms: a person whose first decision is still under
-- way has no key yet, and is to be forgotten all the same.

-- The keys that pseudonyms lead to, with those of the sessions that these
-- people were seen in, sorted.
create function recsys.keys_behind(in_namespace text, named text[]) returns uuid[]
  language sql stable
  as $$
    select array(
      select distinct k.key
        from public.people p
       cross join lateral unnest(recsys.keys_of_person(in_namespace, p.user_key)) as k (key)
       where p.tenant_id = recsys.tenant() and p.namespace = in_namespace
         and p.pseudonym = any(named)
       order by k.key)
  $$;
revoke execute on function recsys.keys_behind(text, text[]) from public;

-- Erases the people behind pseudonyms of the transaction's tenant with the
-- sessions that they were seen in, and remembers them for restores and for
-- late decisions.
create function recsys.erase_people(
  in_namespace text, named text[],
  out people bigint, out gone bigint, out pseudonyms text[])
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    keys uuid[];
    one uuid;
  begin
    -- Shipping holds this lock shared from its look at the list to its commit.
    perform pg_advisory_xact_lock(hashtextextended('recsys.erasures.' || recsys.tenant(), 0));
    loop
      begin
        keys := recsys.keys_behind(in_namespace, named);
        -- Writers of events lock in the same order.
        perform 1
           from public.people p
          where p.tenant_id = recsys.tenant() and p.namespace = in_namespace
            and p.user_key = any(keys)
          order by p.pseudonym
            for update;
        -- A session or a merge that came while this waited: the locks are let
        -- go and taken once more, because further ones would be out of order.
        if recsys.keys_behind(in_namespace, named) <> keys then
          raise exception 'keys changed' using errcode = 'RS001';
        end if;
        exit;
      exception when sqlstate 'RS001' then null;
      end;
    end loop;
    select count(distinct p.user_key) into people
      from public.people p
     where p.tenant_id = recsys.tenant() and p.namespace = in_namespace
       and p.pseudonym = any(named);
    pseudonyms := array(
      select unnest(named)
      union
      select p.pseudonym
        from public.people p
       where p.tenant_id = recsys.tenant() and p.namespace = in_namespace
         and p.user_key = any(keys));
    insert into public.erased_pseudonyms (tenant_id, namespace, pseudonym)
      select recsys.tenant(), in_namespace, s.pseudonym
        from unnest(pseudonyms) as s (pseudonym)
      on conflict (tenant_id, namespace, pseudonym) do update set erased_at = excluded.erased_at;
    -- A bucket may be the key that somebody had before a merge: backups and
    -- decisions from before it know it.
    insert into public.erasures (tenant_id, namespace, user_key)
      select recsys.tenant(), in_namespace, k.key
        from unnest(keys) as k (key)
      union
      select recsys.tenant(), in_namespace, p.bucket_key::uuid
        from public.people p
       where p.tenant_id = recsys.tenant() and p.namespace = in_namespace
         and p.user_key = any(keys)
         and p.bucket_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      on conflict (tenant_id, namespace, user_key) do update set erased_at = excluded.erased_at;
    gone := 0;
    foreach one in array keys loop
      gone := gone + recsys.delete_person(recsys.tenant(), in_namespace, one);
    end loop;
  end $$;
revoke execute on function recsys.erase_people(text, text[]) from public;
grant execute on function recsys.erase_people(text, text[]) to recsys_app;

drop function recsys.erase_person(text, uuid);
