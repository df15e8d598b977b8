-- The tables of moderation, exploration, access and deprecation know namespaces
-- as all others do (0022): as slugs.
do $$
declare
  target regclass;
begin
  for target in
    select c.oid
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and a.attname = 'namespace' and not a.attisdropped
       and not exists (select from pg_constraint k
                        where k.conrelid = c.oid and k.conname = 'namespace_is_a_slug')
     order by c.relname
  loop
    execute format(
      'alter table %s add constraint namespace_is_a_slug
         check (recsys.is_namespace(namespace)) not valid', target);
  end loop;
end $$;
