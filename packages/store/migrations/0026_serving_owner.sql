-- An owner of the schema who may make no second login serves in development
-- itself. Its serving connections say so from their start, and then see one
-- tenant like everybody else.
create or replace function recsys.is_maintenance() returns boolean
  language sql stable parallel safe
  as $$
    select pg_catalog.pg_has_role(session_user, current_user, 'member')
       and pg_catalog.current_setting('recsys.serving', true) is distinct from 'on'
  $$;
