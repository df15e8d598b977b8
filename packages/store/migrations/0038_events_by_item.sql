-- Who had to do with an item lately: the people that may like one of its neighbours.
create index events_by_item on public.events (tenant_id, namespace, item_id, ts desc);

-- The newest people of some items, each with the time of the newest event:
-- at most `each` events of an item are looked at. Guests of a session cannot
-- be reached again, and who denied consent is not looked for.
create function recsys.people_of_items(space text, items text[], each integer, newest integer)
returns table (user_key uuid, at timestamptz)
language plpgsql stable
as $$
declare
  since timestamptz := recsys.now() - interval '90 days';
begin
  return query
    select e.user_key, max(e.ts)
      from unnest(items) as i (item_id)
     cross join lateral (
       select v.user_key, v.ts
         from public.events v
        where v.tenant_id = recsys.tenant() and v.namespace = space
          and v.item_id = i.item_id and v.ts > since and not v.guest
        order by v.ts desc
        limit each) e
      left join public.users u
        on u.tenant_id = recsys.tenant() and u.namespace = space and u.user_key = e.user_key
     where u.consent is distinct from 'denied'
     group by e.user_key
     order by max(e.ts) desc, e.user_key
     limit newest;
end
$$;
