create table public.users (
  tenant_id text not null,
  namespace text not null,
  user_key uuid not null,
  traits jsonb not null default '{}',
  locale text,
  consent text not null default 'unknown'
    check (consent in ('granted', 'denied', 'unknown')),
  created_at timestamptz not null default recsys.now(),
  updated_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace, user_key)
);
comment on table public.users is 'What the tenant told us of a person; the identifier itself is in people';

select recsys.protect('public.users');
grant select, insert, update, delete on public.users to recsys_app;
