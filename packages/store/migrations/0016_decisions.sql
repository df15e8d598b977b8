-- The time inside a UUIDv7: its first 48 bits, Unix milliseconds.
create function recsys.uuid_time(id uuid) returns timestamptz
language sql immutable parallel safe
as $$
  select to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;
grant execute on function recsys.uuid_time(uuid) to recsys_app;

-- received_at is the time inside request_id, so a record that is shipped twice
-- falls into the same day and meets the same unique index, however late the
-- second shipping is; and a request_id alone names its partition.
create table public.decisions (
  tenant_id text not null,
  namespace text not null,
  request_id uuid not null,
  received_at timestamptz not null check (received_at = recsys.uuid_time(request_id)),
  shipped_at timestamptz not null,
  user_key uuid,
  route text not null,
  surface text not null,
  segment text,
  item_ids text[] not null,
  degraded text[] not null,
  contaminated boolean not null default false,
  record json not null
) partition by range (received_at);
create unique index decisions_once on public.decisions (tenant_id, request_id, received_at);
create index decisions_by_time on public.decisions (tenant_id, namespace, received_at desc, request_id desc);
create index decisions_by_user on public.decisions (user_key, received_at desc);
comment on column public.decisions.record is 'The decision record without its subject; json, not jsonb, because replay needs its numbers and key order untouched';
comment on column public.decisions.contaminated is 'A merge gave its person another experiment bucket; excluded from analysis';

select recsys.protect('public.decisions');
grant select, insert on public.decisions to recsys_app;
grant update (user_key, contaminated) on public.decisions to recsys_app;

create view public.rec_decisions with (security_invoker = true) as
  select d.tenant_id,
         d.namespace,
         d.request_id,
         d.received_at as decided_at,
         d.user_key,
         d.route,
         d.surface,
         d.segment,
         (d.record -> 'request' ->> 'k')::integer as k,
         d.item_ids,
         array(select (s ->> 'score')::float8
                 from json_array_elements(d.record -> 'slate') as s) as scores,
         array(select (s ->> 'propensity')::float8
                 from json_array_elements(d.record -> 'slate') as s) as propensities,
         d.record -> 'versions' ->> 'algo_version' as algo_version,
         d.record -> 'versions' ->> 'config_version' as config_version,
         d.record -> 'versions' ->> 'rules_version' as rules_version,
         d.record -> 'versions' ->> 'manifest_version' as manifest_version,
         (d.record -> 'versions' ->> 'catalogue_revision')::bigint as catalogue_revision,
         (d.record -> 'experiments')::jsonb as experiments,
         d.degraded,
         d.contaminated,
         d.shipped_at
    from public.decisions d;
comment on view public.rec_decisions is 'One row per answered request; columns are added, never renamed or removed';
comment on column public.rec_decisions.tenant_id is 'Tenant; only rows of the tenant of the transaction are visible';
comment on column public.rec_decisions.namespace is 'Catalogue within the tenant';
comment on column public.rec_decisions.request_id is 'Identifier of the answer, as in meta.request_id';
comment on column public.rec_decisions.decided_at is 'When the request came in';
comment on column public.rec_decisions.user_key is 'Random key of the person who asked; null when nobody was named';
comment on column public.rec_decisions.route is 'recommend, similar or rerank';
comment on column public.rec_decisions.surface is 'Placement that the list was for';
comment on column public.rec_decisions.segment is 'Segment that applied, if any';
comment on column public.rec_decisions.k is 'Number of items asked for';
comment on column public.rec_decisions.item_ids is 'The slate, first place first';
comment on column public.rec_decisions.scores is 'Score of each item of the slate';
comment on column public.rec_decisions.propensities is 'Probability with which the policy shows each item at its place; 1 where nothing is drawn';
comment on column public.rec_decisions.algo_version is 'Version of the ranking code';
comment on column public.rec_decisions.config_version is 'Version of the configuration';
comment on column public.rec_decisions.rules_version is 'Version of the rule set';
comment on column public.rec_decisions.manifest_version is 'Version of the manifest; null before the first is published';
comment on column public.rec_decisions.catalogue_revision is 'Position in the log of item changes that the catalogue had';
comment on column public.rec_decisions.experiments is 'Experiments and variants that applied';
comment on column public.rec_decisions.degraded is 'Parts that failed or were missing';
comment on column public.rec_decisions.contaminated is 'A merge gave its person another experiment bucket; leave out of analysis';
comment on column public.rec_decisions.shipped_at is 'When the record reached the database';
grant select on public.rec_decisions to recsys_app;
