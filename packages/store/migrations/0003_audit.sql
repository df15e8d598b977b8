-- Who did what: append-only, one hash chain per tenant. The head is kept
-- apart, so that cutting off the newest entries is noticed, too.
create table public.audit_log (
  tenant_id text not null references public.tenants,
  seq bigint not null,
  at timestamptz not null,
  actor text not null,
  actor_kind text not null check (actor_kind in ('human', 'service')),
  action text not null,
  subject text not null,
  before_hash text,
  after_hash text,
  -- Keys and numbers only, never personal data: an entry cannot be erased.
  details jsonb not null,
  prev_hash text not null,
  hash text not null,
  primary key (tenant_id, seq)
);
create table public.audit_heads (
  tenant_id text primary key references public.tenants,
  seq bigint not null,
  hash text not null
);
select recsys.protect('public.audit_log');
select recsys.protect('public.audit_heads');
grant select on public.audit_log, public.audit_heads to recsys_app;

-- SHA-256 over all fields of an entry and the hash before it. A JSON array keeps the fields apart.
create function recsys.audit_hash(entry public.audit_log) returns text
  language sql stable parallel safe set timezone = 'UTC'
  as $$
    select encode(sha256(convert_to(json_build_array(
      entry.prev_hash, entry.tenant_id, entry.seq,
      to_char(entry.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      entry.actor, entry.actor_kind, entry.action, entry.subject,
      entry.before_hash, entry.after_hash, entry.details::text)::text, 'UTF8')), 'hex')
  $$;

-- Appends an entry {actor, actor_kind, action, subject, before_hash, after_hash, details} to the tenant's chain.
create function recsys.append_audit(facts jsonb) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    head public.audit_heads;
    entry public.audit_log;
  begin
    insert into public.audit_heads (tenant_id, seq, hash)
      values (recsys.tenant(), 0, '') on conflict do nothing;
    select * into strict head from public.audit_heads
      where tenant_id = recsys.tenant() for update;
    entry.tenant_id := head.tenant_id;
    entry.seq := head.seq + 1;
    entry.at := recsys.now();
    entry.actor := facts ->> 'actor';
    entry.actor_kind := facts ->> 'actor_kind';
    entry.action := facts ->> 'action';
    entry.subject := facts ->> 'subject';
    entry.before_hash := facts ->> 'before_hash';
    entry.after_hash := facts ->> 'after_hash';
    entry.details := coalesce(facts -> 'details', '{}');
    entry.prev_hash := head.hash;
    entry.hash := recsys.audit_hash(entry);
    insert into public.audit_log values (entry.*);
    update public.audit_heads set seq = entry.seq, hash = entry.hash
      where tenant_id = entry.tenant_id;
    return entry.seq;
  end $$;
revoke execute on function recsys.append_audit(jsonb) from public;
grant execute on function recsys.append_audit(jsonb) to recsys_app;

-- Recomputes the tenant's chain. first_broken is the first entry that was
-- changed, moved or is missing; null when the chain is whole.
create function recsys.verify_audit(out checked bigint, out first_broken bigint)
  language sql stable
  as $$
    with chain as (
      select e.seq,
             e.hash = recsys.audit_hash(e)
               and e.seq = row_number() over (order by e.seq)
               and e.prev_hash = coalesce(lag(e.hash) over (order by e.seq), '') as sound,
             e.hash
        from public.audit_log e where e.tenant_id = recsys.tenant()),
    head as (select seq, hash from public.audit_heads where tenant_id = recsys.tenant())
    select (select count(*) from chain),
           coalesce(
             (select min(seq) from chain where not sound),
             (select 1 + coalesce((select max(seq) from chain), 0) from head
               where not exists (select from chain where (chain.seq, chain.hash) = (head.seq, head.hash))
                 or head.seq < (select max(seq) from chain)))
  $$;
grant execute on function recsys.verify_audit() to recsys_app;
