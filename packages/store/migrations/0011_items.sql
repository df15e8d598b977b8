-- Writers of one catalogue take turns on its row: that makes positions of the
-- change log visible in order and partial updates free of lost updates.
create table public.catalogues (
  tenant_id text not null,
  namespace text not null,
  revision bigint not null default 0,
  oldest_revision bigint not null default 0,
  changed_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace)
);
comment on column public.catalogues.revision is 'Position of the newest item change';
comment on column public.catalogues.oldest_revision is 'Oldest revision that the change log still reproduces exactly';

create table public.items (
  tenant_id text not null,
  namespace text not null,
  item_id text collate "C" not null,
  item jsonb not null,
  revision bigint not null,
  updated_at timestamptz not null,
  primary key (tenant_id, namespace, item_id)
);
comment on column public.items.item is 'The item as the catalogue holds it; times are Unix milliseconds';
comment on column public.items.revision is 'Position of the change that made it so';

create table public.item_changes (
  tenant_id text not null,
  namespace text not null,
  position bigint not null,
  item_id text collate "C" not null,
  item jsonb,
  changed_at timestamptz not null,
  primary key (tenant_id, namespace, position)
);
create index item_changes_by_item
  on public.item_changes (tenant_id, namespace, item_id, position desc);
comment on table public.item_changes is 'Append-only; kept as long as decisions, so that each of them can be replayed';
comment on column public.item_changes.item is 'The whole item after the change; null when it was deleted';

select recsys.protect('public.catalogues');
select recsys.protect('public.items');
select recsys.protect('public.item_changes');
grant select, insert, update on public.catalogues to recsys_app;
grant select, insert, update, delete on public.items to recsys_app;
grant select, insert on public.item_changes to recsys_app;

-- Removes changes that no revision at or after the cutoff needs: those
-- superseded before it, and deletions before it.
create function recsys.compact_item_changes(space text, cutoff timestamptz)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  kept_from bigint;
  removed bigint;
begin
  if cutoff > recsys.now() - interval '1 day' then
    raise exception 'item changes are kept for at least one day';
  end if;
  perform 1 from public.catalogues c where c.tenant_id = recsys.tenant() and c.namespace = space for update;
  select max(c.position) into kept_from
    from public.item_changes c
    where c.tenant_id = recsys.tenant() and c.namespace = space and c.changed_at < cutoff;
  if kept_from is null then
    return 0;
  end if;
  delete from public.item_changes old
    using (
      select c.position, c.item is null as gone,
             lead(c.position) over (partition by c.item_id order by c.position) as next
        from public.item_changes c
        where c.tenant_id = recsys.tenant() and c.namespace = space and c.position <= kept_from
    ) chain
    where old.tenant_id = recsys.tenant() and old.namespace = space
      and old.position = chain.position
      and (chain.next is not null or chain.gone);
  get diagnostics removed = row_count;
  update public.catalogues c set oldest_revision = greatest(c.oldest_revision, kept_from)
    where c.tenant_id = recsys.tenant() and c.namespace = space;
  return removed;
end
$$;
revoke all on function recsys.compact_item_changes(text, timestamptz) from public;
grant execute on function recsys.compact_item_changes(text, timestamptz) to recsys_app;
