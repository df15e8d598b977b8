-- A namespace is a slug, as the API has it, in every table. Only live state
-- knows one more: the layer of the whole tenant.
create function recsys.is_namespace(name text) returns boolean
  language sql immutable parallel safe
  as $$ select name ~ '^[a-z0-9][a-z0-9_-]{0,63}$' $$;
grant execute on function recsys.is_namespace(text) to recsys_app;

-- `not valid`: what an earlier release let in stays readable, nothing new gets in.
do $$
declare
  target regclass;
  layered constant regclass[] := array['public.changes', 'public.versions', 'public.pointers'];
begin
  for target in
    select c.oid
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and a.attname = 'namespace' and not a.attisdropped
     order by c.relname
  loop
    execute format(
      'alter table %s add constraint namespace_is_a_slug
         check (recsys.is_namespace(namespace)%s) not valid',
      target, case when target = any (layered) then ' or namespace = ''_tenant''' else '' end);
  end loop;
end $$;
