-- A keyed request is claimed before its work and answered after it, in two
-- short transactions: no connection is held while the work goes on.
alter table public.idempotency_answers
  alter column status drop not null,
  alter column body drop not null,
  add column holder text;
comment on column public.idempotency_answers.status is 'Null while the first request is under way';
comment on column public.idempotency_answers.holder is 'Process that works on the request, or did';
