create sequence public.event_seq;
grant usage on sequence public.event_seq to recsys_app;

create table public.events (
  tenant_id text not null,
  namespace text not null,
  seq bigint not null default nextval('public.event_seq'),
  event_id text collate "C",
  user_key uuid not null,
  session_key uuid,
  guest boolean not null,
  type text collate "C" not null,
  item_id text collate "C" not null,
  value float8,
  quantity float8,
  price float8,
  currency text,
  order_id text,
  ts timestamptz not null,
  received_at timestamptz not null,
  late boolean not null,
  request_id uuid,
  position integer,
  surface text,
  context jsonb,
  client text
) partition by range (ts);
create unique index events_once on public.events (event_id, ts, tenant_id, namespace)
  where event_id is not null;
create index events_by_user on public.events (user_key, ts desc, seq desc);
create index events_by_time on public.events (tenant_id, namespace, ts, seq);

comment on table public.events is 'What people did, by month of ts; there is no default partition';
comment on column public.events.seq is 'Order of arrival; renewed when a merge moves the row, so that its day counts as changed';
comment on column public.events.guest is 'Only a session is known of who acted';
comment on column public.events.late is 'Arrived later after ts than the namespace expects';

-- Fixes the time of rows that were sent with an id but without a time, so that
-- a retry within seven days is recognised. kind: what the id is an id of.
create table public.event_receipts (
  tenant_id text not null,
  namespace text not null,
  kind text not null check (kind in ('event', 'exposure')),
  event_id text collate "C" not null,
  ts timestamptz not null,
  received_at timestamptz not null,
  primary key (tenant_id, namespace, kind, event_id)
) partition by hash (tenant_id, namespace, event_id);

do $$
begin
  for part in 0..7 loop
    execute format(
      'create table public.event_receipts_%s partition of public.event_receipts for values with (modulus 8, remainder %s)',
      part, part);
    perform recsys.protect(format('public.event_receipts_%s', part)::regclass);
  end loop;
end
$$;

create table public.canary_counts (
  tenant_id text not null,
  namespace text not null,
  client text collate "C" not null,
  day date not null,
  events bigint not null,
  last_at timestamptz not null,
  primary key (tenant_id, namespace, day, client)
);
comment on table public.canary_counts is 'All that is kept of events sent with canary: true';

select recsys.protect('public.events');
select recsys.protect('public.event_receipts');
select recsys.protect('public.canary_counts');
grant select, insert, delete on public.events to recsys_app;
grant update (user_key, seq) on public.events to recsys_app;
grant select, insert, delete on public.event_receipts to recsys_app;
grant select, insert, update, delete on public.canary_counts to recsys_app;

-- The newest events of a person, newest first. A function, because its plan
-- over all months is kept by the session instead of being made anew each time.
create function recsys.newest_events(key uuid, newest integer) returns json[]
language plpgsql stable
as $$
begin
  return array(
    select json_build_object('item_id', e.item_id, 'type', e.type,
                             'ts', recsys.unix_ms(e.ts), 'value', e.value)
      from public.events e
     where e.user_key = key
     order by e.ts desc, e.seq desc
     limit newest);
end
$$;
