-- Deletes what a namespace of the transaction's tenant holds: people, what they
-- did, what was decided and learned of it. Returns the rows of each table that
-- had any. What is kept: the administrative audit, the access log and the
-- erasures; versions and changes, which only ever grow; the catalogue, whose
-- items are deleted through its log of changes, and the rows on which writers
-- take turns. Every other table with a namespace is emptied, later ones too.
create function recsys.reset_namespace(space text)
returns table (name text, removed bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  target record;
begin
  perform pg_advisory_xact_lock(hashtextextended('recsys.erasures.' || recsys.tenant(), 0));
  delete from public.moderation_steps s using public.moderation_tasks t
    where t.tenant_id = recsys.tenant() and t.namespace = space
      and s.tenant_id = t.tenant_id and s.task_id = t.task_id;
  get diagnostics removed = row_count;
  name := 'moderation_steps';
  if removed > 0 then return next; end if;
  for target in
    -- What refers to others was made after them.
    select c.oid, c.relname
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'namespace' and not a.attisdropped
      join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all (array['changes', 'versions', 'pointers', 'access_log', 'erasures',
         'erased_pseudonyms', 'pipeline_locks', 'catalogues', 'items', 'item_changes', 'posteriors'])
     order by c.oid desc
  loop
    execute format('delete from %s where tenant_id = recsys.tenant() and namespace = $1', target.oid::regclass)
      using space;
    get diagnostics removed = row_count;
    name := target.relname;
    if removed > 0 then return next; end if;
  end loop;
  -- Numbers only grow, so that nobody takes the old state for newer.
  update public.posteriors p set version = p.version + 1, oldest_version = p.version + 1, changed_at = recsys.now()
    where p.tenant_id = recsys.tenant() and p.namespace = space;
end $$;
revoke execute on function recsys.reset_namespace(text) from public;
grant execute on function recsys.reset_namespace(text) to recsys_app;
