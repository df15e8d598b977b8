create table public.idempotency_answers (
  tenant_id text not null,
  route text not null,
  key text not null,
  body_hash text not null,
  status integer not null,
  body json not null,
  created_at timestamptz not null default recsys.now(),
  primary key (tenant_id, route, key)
);
comment on table public.idempotency_answers is 'Answers to requests with an Idempotency-Key, repeated for 24 hours';

select recsys.protect('public.idempotency_answers');
grant select, insert, delete on public.idempotency_answers to recsys_app;
