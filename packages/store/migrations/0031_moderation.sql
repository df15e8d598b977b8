-- Reports that an item breaks the policy, and how they were decided. The
-- labels that came of it live among the rules, through the one door.
create table public.moderation_tasks (
  tenant_id text not null,
  task_id uuid not null default gen_random_uuid(),
  namespace text not null check (recsys.is_namespace(namespace)),
  item_id text collate "C" not null,
  label text not null,
  state text not null default 'open'
    check (state in ('open', 'upheld', 'rejected', 'appealed', 'finally_upheld', 'finally_rejected')),
  reports integer not null default 1,
  opened_at timestamptz not null default recsys.now(),
  changed_at timestamptz not null default recsys.now(),
  decided_by text,
  expires_at timestamptz,
  primary key (tenant_id, task_id)
);
create index moderation_tasks_by_time
  on public.moderation_tasks (tenant_id, namespace, opened_at desc, task_id desc);
create unique index moderation_tasks_open
  on public.moderation_tasks (tenant_id, namespace, item_id, label) where state = 'open';
comment on column public.moderation_tasks.reports is 'How often the item was reported for the label while the task was open';
comment on column public.moderation_tasks.decided_by is 'Who decided last; an appeal is decided by somebody else';

-- Append-only: what happened to a task, by whom and why.
create table public.moderation_steps (
  tenant_id text not null,
  step_id uuid not null default gen_random_uuid(),
  task_id uuid not null,
  at timestamptz not null default recsys.now(),
  step text not null check (step in ('report', 'uphold', 'reject', 'appeal')),
  actor text not null,
  note text check (length(note) <= 2000),
  decision_id uuid,
  primary key (tenant_id, step_id),
  foreign key (tenant_id, task_id) references public.moderation_tasks
);
create index moderation_steps_of_task on public.moderation_steps (tenant_id, task_id, at);
comment on column public.moderation_steps.decision_id is 'The request_id of the list in which the item was seen';

select recsys.protect('public.moderation_tasks');
select recsys.protect('public.moderation_steps');
grant select, insert on public.moderation_tasks, public.moderation_steps to recsys_app;
grant update (state, reports, changed_at, decided_by, expires_at) on public.moderation_tasks to recsys_app;
