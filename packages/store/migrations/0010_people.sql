-- Unix milliseconds, exact for every time that was stored with millisecond precision.
create function recsys.unix_ms(moment timestamptz) returns float8
language sql stable parallel safe
as $$ select round(date_part('epoch', moment) * 1000) $$;

create function recsys.from_unix_ms(ms float8) returns timestamptz
language sql immutable parallel safe
as $$ select to_timestamp(ms / 1000.0) $$;

-- The one deletable map from identifiers to keys. Several identities of one
-- person (after a merge) share a user_key.
create table public.people (
  tenant_id text not null,
  namespace text not null,
  pseudonym text collate "C" not null,
  user_key uuid not null,
  kind text check (kind in ('user', 'anonymous', 'session')),
  external_id text collate "C",
  bucket_key text not null,
  bucket_since timestamptz not null,
  first_seen_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace, pseudonym)
);
-- Keys are random, so no tenant is needed to find one; and an index that starts
-- like the others would tempt the planner while there are no statistics yet.
create index people_by_key on public.people (user_key);
create index people_by_id on public.people (tenant_id, namespace, external_id)
  where kind = 'user';

comment on table public.people is 'Identifiers of people and the random keys that stand for them everywhere else';
comment on column public.people.pseudonym is 'HMAC of the identifier with the secret of the tenant';
comment on column public.people.kind is 'Null until an event names the identity that a decision was shipped for';
comment on column public.people.bucket_key is 'Unit of experiment assignment: key of the first identity seen, kept through merges';
comment on column public.people.bucket_since is 'When the identity behind bucket_key was first seen; the older one wins a merge';

select recsys.protect('public.people');
grant select, insert, update, delete on public.people to recsys_app;
