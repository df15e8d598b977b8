-- A return undoes the purchase of the same order, item and person.
alter table public.outcomes add column order_id text collate "C";
comment on column public.outcomes.order_id is 'The basket of a purchase, and what a return undoes';
create index events_returned on public.events (user_key, order_id, item_id) where type = 'return';

-- The newest events of a person, as before; those that a return connects name their order.
create or replace function recsys.newest_events(key uuid, newest integer) returns json[]
language plpgsql stable
as $$
begin
  return array(
    with fresh as (
      select e.item_id, e.type, e.ts, e.seq, e.value, e.order_id
        from public.events e
       where e.user_key = key
       order by e.ts desc, e.seq desc
       limit newest),
    returned as (
      select f.order_id, f.item_id from fresh f where f.type = 'return')
    select json_build_object(
             'item_id', f.item_id, 'type', f.type, 'ts', recsys.unix_ms(f.ts),
             'value', f.value,
             'order_id', case when f.type in ('purchase', 'return')
                               and (f.order_id, f.item_id) in (table returned)
                              then f.order_id end)
      from fresh f
     order by f.ts desc, f.seq desc);
end
$$;
