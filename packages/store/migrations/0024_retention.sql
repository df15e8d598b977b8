-- Retention deletes in batches, oldest receipt first.
create index events_by_receipt on public.events (tenant_id, received_at);
create index event_receipts_by_receipt on public.event_receipts (tenant_id, received_at);

-- Forgetting is a daily duty of its own now.
create or replace function recsys.note_pseudonyms(in_tenant text, in_namespace text, key uuid) returns void
  language sql
  as $$
    insert into public.erased_pseudonyms (tenant_id, namespace, pseudonym)
      select p.tenant_id, p.namespace, p.pseudonym
        from public.people p
       where p.tenant_id = in_tenant and p.namespace = in_namespace and p.user_key = key
      on conflict (tenant_id, namespace, pseudonym) do update set erased_at = excluded.erased_at;
  $$;

-- Forgets the transaction's tenant's pseudonyms that were noted 30 days ago; returns how many.
create function recsys.forget_pseudonyms() returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    gone bigint;
  begin
    delete from public.erased_pseudonyms e
     where e.tenant_id = recsys.tenant() and e.erased_at < recsys.now() - interval '30 days';
    get diagnostics gone = row_count;
    return gone;
  end $$;
revoke all on function recsys.forget_pseudonyms() from public;
grant execute on function recsys.forget_pseudonyms() to recsys_app;
