-- Who still uses what is deprecated, by day: the people to tell before it goes.
create table public.deprecated_uses (
  tenant_id text not null,
  namespace text not null,
  day date not null,
  caller text collate "C" not null,
  what text collate "C" not null,
  uses bigint not null,
  last_at timestamptz not null,
  primary key (tenant_id, namespace, day, caller, what)
);
comment on table public.deprecated_uses is 'Requests that used a deprecated field or key, by day, caller and what they used';
comment on column public.deprecated_uses.caller is 'The principal of the credentials, such as key:shop';
comment on column public.deprecated_uses.what is 'The field of the request, or the key of the catalogue schema with its group';

select recsys.protect('public.deprecated_uses');
grant select, insert, update, delete on public.deprecated_uses to recsys_app;
