-- What bandits and exploration slots learn. A decision that drew something
-- leaves a row for each draw when it is stored; the duty that counts takes the
-- row away and changes the arm in one transaction, so that each is counted once.
create table public.bandit_trials (
  tenant_id text not null references public.tenants,
  namespace text not null check (recsys.is_namespace(namespace)),
  request_id uuid not null,
  decided_at timestamptz not null,
  bandit text collate "C" not null,
  arm text collate "C" not null,
  item_id text collate "C",
  context float8[] not null,
  primary key (tenant_id, request_id, bandit, arm)
);
create index bandit_trials_by_time on public.bandit_trials (tenant_id, namespace, bandit, decided_at);
comment on table public.bandit_trials is 'Draws whose window is not over or not counted yet';
comment on column public.bandit_trials.item_id is 'The item on trial; null for a bundle of knobs';
comment on column public.bandit_trials.context is 'Values of the features at the decision';

-- Writers of one namespace take turns on its row.
create table public.posteriors (
  tenant_id text not null references public.tenants,
  namespace text not null check (recsys.is_namespace(namespace)),
  version bigint not null default 0,
  oldest_version bigint not null default 0,
  changed_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace)
);
comment on column public.posteriors.oldest_version is 'Oldest version that the rows still reproduce exactly';

create table public.posterior_arms (
  tenant_id text not null references public.tenants,
  namespace text not null check (recsys.is_namespace(namespace)),
  bandit text collate "C" not null,
  arm text collate "C" not null,
  version bigint not null,
  trials float8 not null,
  reward float8 not null,
  a float8[],
  b float8[],
  changed_at timestamptz not null default recsys.now(),
  primary key (tenant_id, namespace, bandit, arm, version)
);
comment on table public.posterior_arms is 'An arm from this version on; earlier rows are kept as long as decisions, so that each of them can be replayed';
comment on column public.posterior_arms.a is 'Sums of x times x transposed, for LinUCB';
comment on column public.posterior_arms.b is 'Sums of reward times x, for LinUCB';

select recsys.protect('public.bandit_trials');
select recsys.protect('public.posteriors');
select recsys.protect('public.posterior_arms');
grant select, insert, delete on public.bandit_trials to recsys_app;
grant select, insert, update on public.posteriors to recsys_app;
grant select, insert, delete on public.posterior_arms to recsys_app;
