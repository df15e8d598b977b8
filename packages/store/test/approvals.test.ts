import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from "vitest";
import { bindAuto, requireApprovals } from "./support/approval-policy.ts";
import { openTestStore, type TestStore } from "./support/open-test-store.ts";
import type { TestTenant } from "./support/test-tenant.ts";

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
});

describe("a policy with clauses", () => {
  afterEach(() => bindAuto(test.owner));

  it("holds a change until enough distinct, active people have approved", async () => {
    const id = await waitingChange(["bob", "cat"]);
    await test.owner.query(
      "insert into principals values ($1, 'gone', 'human', '{reviewer}', false)",
      [tenant.id],
    );
    await requireApprovals(test.owner, 2);
    expect(await apply(id)).toBe("RC403");
    await verdict(id, { by: "bob" });
    await verdict(id, { by: "bob" });
    expect(await apply(id)).toBe("RC403");
    await verdict(id, { by: "gone" });
    expect(await apply(id)).toBe("RC403");
    await verdict(id, { by: "cat", hash: "0".repeat(64) });
    expect(await apply(id)).toBe("RC403");
    await verdict(id, { by: "cat", cycle: 2 });
    expect(await apply(id)).toBe("RC403");
    await verdict(id, { by: "cat" });
    expect(await apply(id)).toBe(1);
    expect((await tenant.live())?.version).toBe(2);
  });

  it("does not count the author's own approval", async () => {
    const id = await waitingChange(["ann"]);
    await requireApprovals(test.owner, 1);
    await verdict(id, { by: "ann" });
    expect(await apply(id)).toBe("RC403");
  });

  it("lets one veto stand against any approval", async () => {
    const id = await waitingChange(["bob", "cat"]);
    await requireApprovals(test.owner, 1);
    await verdict(id, { by: "cat", verdict: "veto" });
    await verdict(id, { by: "bob" });
    expect(await apply(id)).toBe("RC403");
  });

  it("makes proposeChange a refusal that leaves nothing", async () => {
    await requireApprovals(test.owner, 1);
    await expect(tenant.propose()).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await tenant.live()).toBeNull();
  });
});

/** A change by ann on version 1 that nobody has applied yet, and people who may review it. */
async function waitingChange(reviewers: readonly string[]): Promise<string> {
  const { pointer: live } = await tenant.propose();
  for (const name of reviewers) {
    await test.owner.query(
      "insert into principals values ($1, $2, 'human', '{reviewer}', true)",
      [tenant.id, name],
    );
  }
  const { rows } = await test.store.withClient(tenant.id, (client) =>
    client.query<{ id: string }>("select recsys.propose_change($1) as id", [
      JSON.stringify({
        namespace: "default",
        pointer: "rules",
        base_version: 1,
        content_hash: live.hash,
        author: "ann",
        author_kind: "human",
        reason: "review me",
      }),
    ]),
  );
  return rows[0]?.id ?? "";
}

async function verdict(
  id: string,
  facts: { by: string; verdict?: string; hash?: string; cycle?: number },
): Promise<void> {
  const hash = facts.hash ?? (await tenant.live())?.hash;
  const inserted = await tenant.attempt(
    `insert into verdicts (tenant_id, change_id, principal, role, verdict, review_cycle, content_hash)
       values ($1, $2, $3, 'reviewer', $4, $5, $6)`,
    [
      tenant.id,
      id,
      facts.by,
      facts.verdict ?? "approve",
      facts.cycle ?? 1,
      hash,
    ],
  );
  expect(inserted).toBe(1);
}

function apply(id: string) {
  return tenant.attempt("select recsys.apply_change($1)", [id]);
}
