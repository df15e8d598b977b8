-- The way back from the first version of a document leads to what there was
-- before it: `restores` is 0 then, which is no version.
create or replace function recsys.propose_change(facts jsonb) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    bound text;
    id uuid;
  begin
    select b.policy into strict bound
      from public.policy_bindings b where b.pointer = facts ->> 'pointer';
    if facts ->> 'restores' <> '0' and not exists (
        select from public.versions v
          where v.tenant_id = recsys.tenant() and v.namespace = facts ->> 'namespace'
            and v.pointer = facts ->> 'pointer'
            and v.version = (facts ->> 'restores')::integer
            and v.content_hash = facts ->> 'content_hash') then
      raise exception 'version % has other content', facts ->> 'restores' using errcode = 'RC404';
    end if;
    insert into public.changes (tenant_id, namespace, pointer, policy, base_version,
        content_hash, author, author_kind, reason, state, restores)
      values (recsys.tenant(), facts ->> 'namespace', facts ->> 'pointer', bound,
        (facts ->> 'base_version')::integer, facts ->> 'content_hash',
        facts ->> 'author', facts ->> 'author_kind', facts ->> 'reason',
        case when exists (select from public.policy_clauses c where c.policy = bound)
          then 'proposed' else 'approved' end,
        (facts ->> 'restores')::integer)
      returning change_id into id;
    insert into public.change_clauses
      select recsys.tenant(), id, c.clause_no, c.any_of, c.required, c.distinct_from_author
        from public.policy_clauses c where c.policy = bound;
    return id;
  end $$;
