import type pg from "pg";

/** Puts a policy that asks for reviewers on the pointer `rules`, as a later release will. */
export async function requireApprovals(
  owner: pg.Client,
  required: number,
): Promise<void> {
  await owner.query(`
    insert into policies values ('reviewed', 'test') on conflict do nothing;
    delete from policy_clauses;
    insert into policy_clauses values ('reviewed', 1, '{reviewer}', ${required}, true);
    update policy_bindings set policy = 'reviewed' where pointer = 'rules'`);
}

/** Every pointer under the policy of this release again. */
export async function bindAuto(owner: pg.Client): Promise<void> {
  await owner.query("update policy_bindings set policy = 'auto'");
}
