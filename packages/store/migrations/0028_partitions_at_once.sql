-- Writers who make the first rows of a day at the same time: who waited for
-- the lock asks pg_class whether the partition is there by now, because
-- to_regclass answers from a cache that waiting does not refresh.
create or replace function recsys.ensure_partition(parent text, moment timestamptz)
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
    continue when exists (
      select from pg_class c
       where c.relname = child and c.relnamespace = 'public'::regnamespace);
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
