-- Which tables are partitioned, and by what.
create function recsys.partition_unit(parent text) returns text
language sql immutable
as $$
  select case parent
    when 'events' then 'month'
    when 'exposures' then 'day'
    when 'outcomes' then 'day'
    when 'decisions' then 'day'
  end
$$;

-- Makes the partition that holds a moment, and its neighbours, so that the
-- next midnight or month finds them ready. A table made apart and attached
-- does not stop writers, which CREATE ... PARTITION OF would.
create function recsys.ensure_partition(parent text, moment timestamptz)
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  unit constant text := recsys.partition_unit(parent);
  step constant interval := ('1 ' || unit)::interval;
  first constant timestamp := date_trunc(unit, moment at time zone 'UTC') - step;
  made integer := 0;
  lower_bound timestamp;
  child text;
begin
  if unit is null then
    raise exception 'table % is not partitioned', parent;
  end if;
  if moment < '1990-01-01T00:00:00Z' or moment > recsys.now() + interval '2 days' then
    raise exception 'no partition of % is made for %', parent, moment
      using errcode = 'check_violation';
  end if;
  for lower_bound in select first + step * n from generate_series(0, 2) as n loop
    child := parent || '_' || to_char(lower_bound,
      case unit when 'month' then 'YYYYMM' else 'YYYYMMDD' end);
    continue when to_regclass('public.' || child) is not null;
    perform pg_advisory_xact_lock(hashtextextended('recsys.partitions.' || parent, 0));
    continue when to_regclass('public.' || child) is not null;
    execute format('create table public.%I (like public.%I including all)', child, parent);
    perform recsys.protect(format('public.%I', child)::regclass);
    execute format('revoke all on public.%I from recsys_app', child);
    execute format(
      'alter table public.%I attach partition public.%I for values from (%L) to (%L)',
      parent, child, lower_bound at time zone 'UTC', (lower_bound + step) at time zone 'UTC');
    made := made + 1;
  end loop;
  return made;
end
$$;
revoke all on function recsys.ensure_partition(text, timestamptz) from public;
grant execute on function recsys.ensure_partition(text, timestamptz) to recsys_app;

-- Retention of what is partitioned by day of receipt: whole days of all
-- tenants, never younger than one day. Gives up after three seconds rather
-- than keep writers waiting behind its lock.
create function recsys.drop_days_before(parent text, cutoff timestamptz)
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
set lock_timeout = '3s'
as $$
declare
  child text;
  dropped integer := 0;
begin
  if recsys.partition_unit(parent) is distinct from 'day' then
    raise exception 'table % is not kept by day of receipt', parent;
  end if;
  if cutoff > recsys.now() - interval '1 day' then
    raise exception 'days of % are kept for at least one day', parent;
  end if;
  for child in
    select c.relname
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ('public.' || parent)::regclass
        and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= (cutoff at time zone 'UTC')::date
      order by c.relname
  loop
    execute format('drop table public.%I', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
revoke all on function recsys.drop_days_before(text, timestamptz) from public;
grant execute on function recsys.drop_days_before(text, timestamptz) to recsys_app;
