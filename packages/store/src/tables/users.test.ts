import type { UserInput } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { findPerson } from "./people.ts";
import { createTenant } from "./tenants.ts";
import { loadUserStates } from "./user-state.ts";
import { deleteUsers, listUsers, upsertUsers } from "./users.ts";

describe("users", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
    await test.store.tenantless((db) =>
      createTenant(db, { tenantId: "acme", name: "Acme", servingMode: "db" }),
    );
  });
  afterAll(() => test.close());

  const upsert = async (...inputs: readonly UserInput[]) => {
    const results = await test.inAcme((tx) =>
      upsertUsers(
        tx,
        "default",
        inputs.map((input, row) => ({
          row,
          input,
          pseudonym: `pu-${input.user_id}`,
        })),
      ),
    );
    return results.map((result) => result.status);
  };
  const list = (filter: Parameters<typeof listUsers>[2]["filter"]) =>
    test.inAcme((tx) => listUsers(tx, "default", { filter, limit: 100 }));

  it("merges traits key by key; null clears; the same again is a duplicate", async () => {
    const patch: UserInput = {
      user_id: "ann",
      traits: { age: 40, plan: null },
      locale: null,
    };
    expect(
      await upsert(
        {
          user_id: "ann",
          traits: { plan: "gold", city: "Bern" },
          locale: "de",
          consent: "granted",
        },
        patch,
        patch,
      ),
    ).toEqual(["accepted", "accepted", "duplicate"]);
    expect(await upsert(patch)).toEqual(["duplicate"]);
    const page = await list({ pseudonyms: ["pu-ann"] });
    expect(page.rows).toMatchObject([
      {
        userId: "ann",
        traits: { age: 40, city: "Bern" },
        locale: null,
        consent: "granted",
      },
    ]);
    const states = await test.inAcme((tx) =>
      loadUserStates(tx, "default", { pseudonyms: ["pu-ann"], limit: 10 }),
    );
    const ann = await test.inAcme((tx) => findPerson(tx, "default", "pu-ann"));
    expect(states.get("pu-ann")).toEqual({
      events: [],
      traits: { age: 40, city: "Bern" },
      consent: "granted",
      bucket_key: ann?.userKey,
    });
  });

  it("loses no trait of two writers on the same users", async () => {
    const names = Array.from({ length: 50 }, (_, i) => `race-${i}`);
    const write = (key: string, order: readonly string[]) =>
      upsert(...order.map((user_id) => ({ user_id, traits: { [key]: 1 } })));
    await Promise.all([
      write("left", names),
      write("right", [...names].reverse()),
    ]);
    const page = await list({ trait: { key: "left", value: 1 } });
    const traits = page.rows.map((row) => row.traits);
    expect(traits).toHaveLength(50);
    for (const both of traits) expect(both).toEqual({ left: 1, right: 1 });
  });

  it("forgets the identifier and the traits of erased users", async () => {
    await upsert({ user_id: "bob", traits: { leaving: true } });
    const deleted = await test.inAcme((tx) =>
      deleteUsers(tx, "default", { trait: { key: "leaving", value: true } }),
    );
    expect(deleted).toEqual({ people: 1, rows: 2, isDone: true });
    const bob = await test.inAcme((tx) => findPerson(tx, "default", "pu-bob"));
    expect(bob).toBeNull();
    await expect(
      test.inAcme((tx) => deleteUsers(tx, "default", {})),
    ).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  it("erases a hundred people by a trait in one call, the rest in the next", async () => {
    const names = Array.from({ length: 101 }, (_, i) => `many-${i}`);
    await upsert(
      ...names.map((user_id) => ({ user_id, traits: { many: true } })),
    );
    const some = () =>
      test.inAcme((tx) =>
        deleteUsers(tx, "default", { trait: { key: "many", value: true } }),
      );
    expect(await some()).toMatchObject({ people: 100, isDone: false });
    expect(await some()).toMatchObject({ people: 1, isDone: true });
  });
});
