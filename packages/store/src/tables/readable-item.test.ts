import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { catalogueAt, itemChangesSince, loadCatalogue } from "./catalogue.ts";
import { listItems, upsertItems, type ItemFilter } from "./items.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const upsert = (space: string, ...ids: readonly string[]) =>
  test.inAcme((tx) =>
    upsertItems(
      tx,
      space,
      ids.map((item_id, row) => ({ row, input: { item_id } })),
    ),
  );
const idsOf = async (space: string, filter: ItemFilter) => {
  const page = await test.inAcme((tx) =>
    listItems(tx, space, { filter, limit: 100 }),
  );
  return page.rows.map(({ item }) => item.item_id);
};

describe("item rows that this release cannot read", () => {
  /** As an older release or a person may have written it. */
  const writeByHand = (namespace: string, id: string, item: string) =>
    test.inAcme(async ({ db, tenant }) => {
      await sql`
        update public.catalogues set revision = revision + 1
         where tenant_id = ${tenant} and namespace = ${namespace}`.execute(db);
      await sql`
        insert into public.items
        select ${tenant}, ${namespace}, ${id}, ${item}::jsonb, c.revision, recsys.now()
          from public.catalogues c
         where c.tenant_id = ${tenant} and c.namespace = ${namespace}`.execute(
        db,
      );
      await sql`
        insert into public.item_changes
        select tenant_id, namespace, revision, item_id, item, updated_at
          from public.items
         where tenant_id = ${tenant} and namespace = ${namespace}
           and item_id = ${id}`.execute(db);
    });
  const good = {
    item_id: "x",
    available: true,
    tags: [],
    category: [],
    attributes: {},
  };

  it.each([
    "null",
    "[]",
    '"x"',
    "{}",
    JSON.stringify({ ...good, item_id: "y" }),
    JSON.stringify({ ...good, price: "NaN" }),
    JSON.stringify({ ...good, price: null }),
    JSON.stringify({ ...good, stock: 1 }).replace(":1", ":1e999"),
    JSON.stringify({ ...good, tags: [1] }),
    JSON.stringify({ ...good, attributes: { size: { l: 1 } } }),
    JSON.stringify({ ...good, created_at: 9e15 }),
    JSON.stringify({ ...good, available: "maybe" }),
    JSON.stringify({ ...good, margin: "high" }),
    JSON.stringify({ ...good, sponsored: "yes" }),
    JSON.stringify({ ...good, provider_id: 7 }),
    JSON.stringify({ ...good, embedding: [1, null] }),
  ])("such as %s are left out and named, until written anew", async (text) => {
    const space = `bad-${crypto.randomUUID()}`;
    await upsert(space, "a", "z");
    await writeByHand(space, "x", text);
    const load = () => test.inAcme((tx) => loadCatalogue(tx, space));
    expect(await load()).toMatchObject({
      revision: 3,
      items: [{ item_id: "a" }, { item_id: "z" }],
      unreadable: ["x"],
    });
    const changes = () =>
      test.inAcme((tx) =>
        itemChangesSince(tx, space, { position: 2, limit: 10 }),
      );
    expect(await changes()).toEqual([
      { position: 3, item_id: "x", item: null, isReadable: false },
    ]);
    const past = await test.inAcme((tx) => catalogueAt(tx, space, 3));
    expect(past.map(({ item_id }) => item_id)).toEqual(["a", "z"]);
    expect(await idsOf(space, {})).toEqual(["a", "z"]);
    expect(await idsOf(space, { available: true })).toEqual(["a", "z"]);
    await upsert(space, "x");
    expect(await load()).toMatchObject({ unreadable: [] });
    expect(await idsOf(space, {})).toEqual(["a", "x", "z"]);
  });
});
