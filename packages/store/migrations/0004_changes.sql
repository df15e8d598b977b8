-- Live state moves through one door: a Change, applied by apply_change().

-- Contents by hash, so that a Change, its versions and a rollback share one copy.
create table public.documents (
  tenant_id text not null references public.tenants,
  hash text not null,
  body text not null,
  created_at timestamptz not null default recsys.now(),
  primary key (tenant_id, hash),
  check (hash = encode(sha256(convert_to(body, 'UTF8')), 'hex'))
);
select recsys.protect('public.documents');
grant select, insert on public.documents to recsys_app;

-- Who must agree to which kind of change. The application reads, the owner writes.
create table public.policies (
  policy text primary key,
  description text not null
);
create table public.policy_clauses (
  policy text not null references public.policies,
  clause_no integer not null,
  any_of text[] not null check (cardinality(any_of) > 0),
  required integer not null default 1 check (required > 0),
  distinct_from_author boolean not null default true,
  primary key (policy, clause_no)
);
create table public.policy_bindings (
  pointer text primary key
    check (pointer in ('config', 'rules', 'experiments', 'manifest', 'fallbacks')),
  policy text not null references public.policies
);
grant select on public.policies, public.policy_clauses, public.policy_bindings to recsys_app;

insert into public.policies values
  ('auto', 'Applied at once: no clause. In force until review policies take its place.');
insert into public.policy_bindings (pointer, policy)
  select unnest(array['config', 'rules', 'experiments', 'manifest', 'fallbacks']), 'auto';

-- Who may give a verdict. Nobody yet: review policies bring the functions that write here.
create table public.principals (
  tenant_id text not null references public.tenants,
  principal text not null,
  kind text not null check (kind in ('human', 'service')),
  roles text[] not null,
  active boolean not null default true,
  primary key (tenant_id, principal)
);
select recsys.protect('public.principals');
grant select on public.principals to recsys_app;

create table public.changes (
  tenant_id text not null references public.tenants,
  change_id uuid not null default gen_random_uuid(),
  namespace text not null,
  pointer text not null references public.policy_bindings,
  policy text not null references public.policies,
  -- Version that the author saw; null when there was none.
  base_version integer,
  content_hash text not null,
  author text not null,
  author_kind text not null check (author_kind in ('human', 'service')),
  reason text not null,
  state text not null check (state in ('proposed', 'approved', 'applied')),
  review_cycle integer not null default 1,
  created_at timestamptz not null default recsys.now(),
  applied_at timestamptz,
  applied_version integer,
  primary key (tenant_id, change_id),
  foreign key (tenant_id, content_hash) references public.documents
);
create index changes_by_time on public.changes (tenant_id, namespace, created_at);

create table public.change_clauses (
  tenant_id text not null,
  change_id uuid not null,
  clause_no integer not null,
  any_of text[] not null,
  required integer not null,
  distinct_from_author boolean not null,
  primary key (tenant_id, change_id, clause_no),
  foreign key (tenant_id, change_id) references public.changes
);

create table public.verdicts (
  tenant_id text not null,
  verdict_id uuid not null default gen_random_uuid(),
  change_id uuid not null,
  principal text not null,
  role text not null,
  verdict text not null check (verdict in ('approve', 'veto')),
  review_cycle integer not null,
  content_hash text not null,
  at timestamptz not null default recsys.now(),
  primary key (tenant_id, verdict_id),
  foreign key (tenant_id, change_id) references public.changes,
  foreign key (tenant_id, principal) references public.principals
);
create index verdicts_of_change on public.verdicts (tenant_id, change_id);

create table public.versions (
  tenant_id text not null references public.tenants,
  namespace text not null,
  pointer text not null,
  version integer not null,
  content_hash text not null,
  change_id uuid not null,
  author text not null,
  reason text not null,
  created_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace, pointer, version),
  foreign key (tenant_id, content_hash) references public.documents,
  foreign key (tenant_id, change_id) references public.changes
);

create table public.pointers (
  tenant_id text not null references public.tenants,
  namespace text not null,
  pointer text not null references public.policy_bindings,
  version integer not null,
  content_hash text not null,
  change_id uuid not null,
  moved_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace, pointer),
  foreign key (tenant_id, namespace, pointer, version)
    references public.versions deferrable initially deferred
);

select recsys.protect('public.changes');
select recsys.protect('public.change_clauses');
select recsys.protect('public.verdicts');
select recsys.protect('public.versions');
select recsys.protect('public.pointers');
grant select on public.changes, public.change_clauses, public.verdicts,
  public.versions, public.pointers to recsys_app;
grant insert (tenant_id, change_id, principal, role, verdict, review_cycle, content_hash)
  on public.verdicts to recsys_app;

-- Stores a Change with the clauses of the policy that is bound to its pointer;
-- the author names neither. The content must be among the documents.
create function recsys.propose_change(facts jsonb) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    bound text;
    id uuid;
  begin
    select b.policy into strict bound
      from public.policy_bindings b where b.pointer = facts ->> 'pointer';
    insert into public.changes (tenant_id, namespace, pointer, policy, base_version,
        content_hash, author, author_kind, reason, state)
      values (recsys.tenant(), facts ->> 'namespace', facts ->> 'pointer', bound,
        (facts ->> 'base_version')::integer, facts ->> 'content_hash',
        facts ->> 'author', facts ->> 'author_kind', facts ->> 'reason',
        case when exists (select from public.policy_clauses c where c.policy = bound)
          then 'proposed' else 'approved' end)
      returning change_id into id;
    insert into public.change_clauses
      select recsys.tenant(), id, c.clause_no, c.any_of, c.required, c.distinct_from_author
        from public.policy_clauses c where c.policy = bound;
    return id;
  end $$;

-- One row per approval that a Change still has to have: the clauses stored with
-- it and those of the policy in force now, whichever ask for more.
create function recsys.required_approvals(subject public.changes)
  returns table (slot bigint, any_of text[], distinct_from_author boolean)
  language sql stable
  as $$
    with clause as (
      select c.clause_no, c.any_of, c.required, c.distinct_from_author
        from public.change_clauses c
        where c.tenant_id = subject.tenant_id and c.change_id = subject.change_id
      union
      select p.clause_no, p.any_of, p.required, p.distinct_from_author
        from public.policy_bindings b join public.policy_clauses p using (policy)
        where b.pointer = subject.pointer)
    select row_number() over (order by clause.clause_no, clause.any_of), clause.any_of,
           clause.distinct_from_author
      from clause, generate_series(1, clause.required)
  $$;

-- True when distinct active principals with the right role have approved this
-- content in this cycle, one for each required approval from `at_slot` on, none
-- counted twice. Tries each candidate: the numbers are small.
create function recsys.approvals_met(
    subject public.changes, at_slot bigint, used text[]) returns boolean
  language plpgsql stable
  as $$
  declare
    needed record;
    candidate text;
  begin
    select * into needed from recsys.required_approvals(subject) r where r.slot = at_slot;
    if not found then
      return true;
    end if;
    for candidate in
      select distinct v.principal
        from public.verdicts v
        join public.principals p using (tenant_id, principal)
        where v.tenant_id = subject.tenant_id and v.change_id = subject.change_id
          and v.verdict = 'approve' and v.review_cycle = subject.review_cycle
          and v.content_hash = subject.content_hash
          and p.active and v.role = any (p.roles) and v.role = any (needed.any_of)
          and not v.principal = any (used)
          and not (needed.distinct_from_author and v.principal = subject.author)
    loop
      if recsys.approvals_met(subject, at_slot + 1, used || candidate) then
        return true;
      end if;
    end loop;
    return false;
  end $$;

-- The one door. Locks the pointer, checks everything again from current rows,
-- moves the pointer, and writes version, audit and revision in the same
-- transaction. Raises RC404, RC403 (not approved) or RC409 (something else is live).
create function recsys.apply_change(id uuid) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    subject public.changes;
    live public.pointers;
    next_version integer;
  begin
    select * into subject from public.changes
      where tenant_id = recsys.tenant() and change_id = id for update;
    if not found then
      raise exception 'there is no change %', id using errcode = 'RC404';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(
      concat_ws('/', subject.tenant_id, subject.namespace, subject.pointer), 0));
    select * into live from public.pointers
      where tenant_id = subject.tenant_id and namespace = subject.namespace
        and pointer = subject.pointer for update;
    if subject.state = 'applied' then
      raise exception 'change % is applied already', id using errcode = 'RC409';
    end if;
    if subject.base_version is distinct from live.version then
      raise exception 'version % is live, the change was made for %',
        coalesce(live.version::text, 'none'), coalesce(subject.base_version::text, 'none')
        using errcode = 'RC409';
    end if;
    if exists (select from public.verdicts v
        where v.tenant_id = subject.tenant_id and v.change_id = id and v.verdict = 'veto'
          and v.review_cycle = subject.review_cycle and v.content_hash = subject.content_hash)
      or not recsys.approvals_met(subject, 1, '{}') then
      raise exception 'change % is not approved', id using errcode = 'RC403';
    end if;
    next_version := coalesce(live.version, 0) + 1;
    insert into public.versions values (subject.tenant_id, subject.namespace, subject.pointer,
      next_version, subject.content_hash, id, subject.author, subject.reason, recsys.now());
    insert into public.pointers values (subject.tenant_id, subject.namespace, subject.pointer,
        next_version, subject.content_hash, id, recsys.now())
      on conflict (tenant_id, namespace, pointer) do update
        set version = excluded.version, content_hash = excluded.content_hash,
            change_id = excluded.change_id, moved_at = excluded.moved_at;
    update public.changes
      set state = 'applied', applied_at = recsys.now(), applied_version = next_version
      where tenant_id = subject.tenant_id and change_id = id;
    perform recsys.append_audit(jsonb_build_object(
      'actor', subject.author, 'actor_kind', subject.author_kind, 'action', 'change.apply',
      'subject', concat_ws('/', subject.namespace, subject.pointer),
      'before_hash', live.content_hash, 'after_hash', subject.content_hash,
      'details', jsonb_build_object('change_id', id, 'version', next_version,
        'policy', subject.policy, 'reason', subject.reason)));
    perform recsys.bump_revision();
    return next_version;
  end $$;

revoke execute on function recsys.propose_change(jsonb), recsys.apply_change(uuid),
  recsys.required_approvals(public.changes),
  recsys.approvals_met(public.changes, bigint, text[]) from public;
grant execute on function recsys.propose_change(jsonb), recsys.apply_change(uuid) to recsys_app;
