-- The lists that a person was shown in the last 30 days, newest first: answered
-- ones, and those that only an exposure tells of. A function for the same
-- reason as recsys.newest_events.
create function recsys.newest_lists(key uuid, newest integer) returns json[]
language plpgsql stable
as $$
declare
  since timestamptz := recsys.now() - interval '30 days';
begin
  return array(
    with answered as (
      select d.request_id, d.received_at as at, d.item_ids
        from public.decisions d
       where d.user_key = key and d.received_at > since
       order by d.received_at desc
       limit newest),
    seen as (
      select x.request_id, max(x.ts) as at,
             array_agg(distinct x.item_id order by x.item_id) as item_ids
        from public.exposures x
       where x.user_key = key and x.received_at > since
         and not exists (select 1 from answered a where a.request_id = x.request_id)
       group by x.request_id
       order by at desc, x.request_id
       limit newest)
    select json_build_object('request_id', l.request_id,
                             'ts', recsys.unix_ms(l.at), 'item_ids', l.item_ids)
      from (table answered union all table seen) l
     order by l.at desc, l.request_id
     limit newest);
end
$$;
