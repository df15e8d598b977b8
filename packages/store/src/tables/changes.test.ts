import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import type { TestTenant } from "../../test/support/test-tenant.ts";
import { listAudit } from "./audit.ts";
import {
  listPointers,
  versionBefore,
  versionContent,
  versionHistory,
} from "./changes.ts";
import { currentRevision } from "./revisions.ts";

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
});

describe("proposeChange", () => {
  it("moves the pointer and writes version, audit and revision together", async () => {
    const { changeId, pointer: state } = await tenant.propose();
    expect(state).toMatchObject({ pointer: "rules", version: 1, changeId });
    const [entry] = await test.store.inTenant(tenant.id, (tx) =>
      listAudit(tx, { limit: 5 }),
    );
    expect(entry).toMatchObject({
      seq: 1,
      actor: "ann",
      action: "change.apply",
      subject: "default/rules",
      beforeHash: null,
      afterHash: state.hash,
    });
    const revision = await test.store.tenantless((db) =>
      currentRevision(db, tenant.id),
    );
    expect(revision?.n).toBe(1);
  });

  it("keeps every version with its content", async () => {
    await tenant.propose({ content: { rules: [1] } });
    await tenant.propose({ content: { rules: [2] }, baseVersion: 1 });
    const [history, first] = await test.store.inTenant(
      tenant.id,
      async (tx) => [
        await versionHistory(tx, { namespace: "default", pointer: "rules" }, 9),
        await versionContent(tx, { namespace: "default", pointer: "rules" }, 1),
      ],
    );
    expect(history.map((entry) => entry.version)).toEqual([2, 1]);
    expect(first?.content).toEqual({ rules: [1] });
  });

  it("goes back by making an old content a new version of the same hash", async () => {
    const first = await tenant.propose({ content: { rules: [1] } });
    await tenant.propose({ content: { rules: [2] }, baseVersion: 1 });
    const back = await tenant.propose({
      content: { rules: [1] },
      baseVersion: 2,
    });
    expect(back.pointer).toMatchObject({
      version: 3,
      hash: first.pointer.hash,
    });
  });

  it("is a conflict when another version is live, and changes nothing", async () => {
    await tenant.propose();
    await expect(
      tenant.propose({ content: { rules: [9] } }),
    ).rejects.toMatchObject({
      code: "VERSION_CONFLICT",
    });
    expect((await tenant.live())?.version).toBe(1);
  });

  it("lets one of eight win that start from the same version", async () => {
    await tenant.propose();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) =>
        tenant.propose({ content: { rules: [i] }, baseVersion: 1 }),
      ),
    );
    expect(outcomes.filter((o) => o.status === "fulfilled")).toHaveLength(1);
    expect((await tenant.live())?.version).toBe(2);
  });

  it("lets one of eight make the first version", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => tenant.propose({ content: [i] })),
    );
    expect(outcomes.filter((o) => o.status === "fulfilled")).toHaveLength(1);
  });

  it("refuses a proposal for another tenant than the transaction's", async () => {
    const other = await test.newTenant();
    await expect(tenant.propose({ tenant: other.id })).rejects.toMatchObject({
      code: "TENANT_MISMATCH",
    });
  });

  it("lists the pointers of the tenant only", async () => {
    await tenant.propose();
    const other = await test.newTenant();
    const found = await test.store.inTenant(other.id, listPointers);
    expect(found).toEqual([]);
  });
});

describe("the way back", () => {
  /** Makes versions by letter; a number restores that version, `back` goes back as far as there is. */
  async function live(...steps: readonly (string | number)[]) {
    const contents: string[] = [];
    const seen: (string | null)[] = [];
    for (const step of steps) {
      const restores =
        step === "back"
          ? await test.store.inTenant(tenant.id, (tx) =>
              versionBefore(tx, { namespace: "default", pointer: "rules" }),
            )
          : typeof step === "number"
            ? step
            : undefined;
      if (restores === null) {
        seen.push(null);
        continue;
      }
      const content =
        restores === undefined ? String(step) : (contents[restores - 1] ?? "");
      await tenant.propose({
        content,
        baseVersion: contents.length === 0 ? null : contents.length,
        ...(restores === undefined ? {} : { restores }),
      });
      contents.push(content);
      seen.push(content);
    }
    return seen.slice(-3);
  }

  it.each([
    ["nothing was before the first", ["a", "back"], ["a", null]],
    ["twice goes back two", ["a", "b", "c", "back", "back"], ["c", "b", "a"]],
    [
      "three times is once too often for three",
      ["a", "b", "c", "back", "back", "back"],
      ["b", "a", null],
    ],
    [
      "goes on from there after a new version",
      ["a", "b", "c", "back", "d", "back", "back"],
      ["d", "b", "a"],
    ],
    [
      "takes a content that somebody wrote again for a step of its own",
      ["a", "b", "a", "c", "back", "back"],
      ["c", "a", "b"],
    ],
    [
      "changes something, though the same was written twice",
      ["a", "b", "b", "back"],
      ["b", "b", "a"],
    ],
    [
      "goes on from a version that was chosen as the way back",
      ["a", "b", "c", 1, "back"],
      ["c", "a", null],
    ],
    [
      "leads forth and back again",
      ["a", "b", "back", 2, "back"],
      ["a", "b", "a"],
    ],
  ])("%s", async (_, steps, expected) => {
    expect(await live(...steps)).toEqual(expected);
  });

  it("cannot name a version with other content", async () => {
    await tenant.propose({ content: ["a"] });
    await expect(
      tenant.propose({ content: ["b"], baseVersion: 1, restores: 1 }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
