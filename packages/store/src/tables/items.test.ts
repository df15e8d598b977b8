import type { ItemInput } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import {
  CATALOGUE_CHANNEL,
  catalogueAt,
  catalogueRevision,
  itemChangesSince,
  loadCatalogue,
} from "./catalogue.ts";
import {
  deleteItems,
  listItems,
  upsertItems,
  type ItemFilter,
} from "./items.ts";

describe("items", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const upsert = (namespace: string, ...inputs: readonly ItemInput[]) =>
    test.inAcme((tx) =>
      upsertItems(
        tx,
        namespace,
        inputs.map((input, row) => ({ row, input })),
      ),
    );
  const ids = async (namespace: string, filter: ItemFilter) => {
    const page = await test.inAcme((tx) =>
      listItems(tx, namespace, { filter, limit: 100 }),
    );
    return page.rows.map(({ item }) => item.item_id);
  };

  it("applies partial updates and counts one change per item that differs", async () => {
    const first = await upsert(
      "partial",
      { item_id: "b", price: 2, brand: "X" },
      { item_id: "a", price: 1 },
      { item_id: "b", price: 3 },
    );
    expect(first.revision).toBe(2);
    const second = await upsert(
      "partial",
      { item_id: "a", price: 1 },
      { item_id: "b", brand: null, attributes: { size: "L" } },
    );
    expect(second.results.map((result) => result.status)).toEqual([
      "duplicate",
      "accepted",
    ]);
    const catalogue = await test.inAcme((tx) => loadCatalogue(tx, "partial"));
    expect(catalogue).toEqual({
      revision: 3,
      items: [
        {
          item_id: "a",
          available: true,
          tags: [],
          category: [],
          attributes: {},
          price: 1,
        },
        {
          item_id: "b",
          available: true,
          tags: [],
          category: [],
          attributes: { size: "L" },
          price: 3,
        },
      ],
      unreadable: [],
    });
  });

  it("lists by every filter, page by page", async () => {
    await upsert(
      "lists",
      { item_id: "1", tags: ["red"], brand: "X", category: ["home", "mugs"] },
      { item_id: "2", tags: ["red", "new"], available: false },
      { item_id: "3", brand: "X", category: ["garden"] },
    );
    expect(await ids("lists", {})).toEqual(["1", "2", "3"]);
    expect(await ids("lists", { ids: ["3", "2", "9"] })).toEqual(["2", "3"]);
    expect(await ids("lists", { tag: "red" })).toEqual(["1", "2"]);
    expect(await ids("lists", { brand: "X", category: "mugs" })).toEqual(["1"]);
    expect(await ids("lists", { available: false })).toEqual(["2"]);
    expect(await ids("lists", { updatedSince: Date.now() + 60_000 })).toEqual(
      [],
    );
    const first = await test.inAcme((tx) =>
      listItems(tx, "lists", { filter: {}, limit: 2 }),
    );
    const cursor = first.next ?? "";
    const rest = await test.inAcme((tx) =>
      listItems(tx, "lists", { filter: {}, limit: 2, cursor }),
    );
    expect(rest.rows.map(({ item }) => item.item_id)).toEqual(["3"]);
    expect(rest.next).toBeNull();
  });

  it("refuses a cursor that it did not make", async () => {
    await expect(
      test.inAcme((tx) =>
        listItems(tx, "lists", { filter: {}, limit: 2, cursor: "W10" }),
      ),
    ).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  it("brings back the catalogue of any revision", async () => {
    await upsert("past", { item_id: "a", price: 1 }, { item_id: "b" });
    await upsert("past", { item_id: "a", price: 2 });
    const gone = await test.inAcme((tx) =>
      deleteItems(tx, "past", { ids: ["a"] }),
    );
    expect(gone).toEqual({ deleted: 1, revision: 4 });
    const prices = async (revision: number) => {
      const items = await test.inAcme((tx) =>
        catalogueAt(tx, "past", revision),
      );
      return items.map((item) => [item.item_id, item.price]);
    };
    expect(await prices(0)).toEqual([]);
    expect(await prices(2)).toEqual([
      ["a", 1],
      ["b", undefined],
    ]);
    expect(await prices(3)).toEqual([
      ["a", 2],
      ["b", undefined],
    ]);
    expect(await prices(4)).toEqual([["b", undefined]]);
    await expect(prices(5)).rejects.toMatchObject({
      code: "REPLAY_IMPOSSIBLE",
    });
    const changes = await test.inAcme((tx) =>
      itemChangesSince(tx, "past", { position: 3, limit: 10 }),
    );
    expect(changes).toMatchObject([{ position: 4, item_id: "a", item: null }]);
  });

  it("refuses to delete without a condition", async () => {
    await expect(
      test.inAcme((tx) => deleteItems(tx, "lists", {})),
    ).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  it("loses no update of two writers on the same items", async () => {
    const items = Array.from({ length: 50 }, (_, i) => `i${i}`);
    const write = (key: string, order: readonly string[]) =>
      upsert(
        "race",
        ...order.map((item_id) => ({ item_id, attributes: { [key]: 1 } })),
      );
    await Promise.all([
      write("left", items),
      write("right", [...items].reverse()),
      write("third", items),
    ]);
    const { items: stored } = await test.inAcme((tx) =>
      loadCatalogue(tx, "race"),
    );
    expect(stored).toHaveLength(50);
    for (const item of stored) {
      expect(item.attributes).toEqual({ left: 1, right: 1, third: 1 });
    }
    expect(await test.inAcme((tx) => catalogueRevision(tx, "race"))).toBe(150);
  });

  it("never shows a position before the smaller ones", async () => {
    const seen: number[] = [];
    const writers = Array.from({ length: 30 }, (_, i) =>
      upsert("order", { item_id: `w${i}` }, { item_id: `v${i}` }),
    );
    let left = writers.length;
    for (const writer of writers) {
      void writer.finally(() => left--);
    }
    while (seen.length < 60 || left > 0) {
      const changes = await test.inAcme((tx) =>
        itemChangesSince(tx, "order", {
          position: seen.at(-1) ?? 0,
          limit: 1000,
        }),
      );
      seen.push(...changes.map((change) => change.position));
    }
    await Promise.all(writers);
    expect(seen).toEqual(seen.map((_, i) => i + 1));
  });

  it("leaves nothing of a batch that fails half-way, and tells nobody", async () => {
    const heard: string[] = [];
    const listener = await test.store.listen(CATALOGUE_CHANNEL, {
      onMessage: (payload) => heard.push(payload),
      onLost: () => undefined,
    });
    await expect(
      test.inAcme(async (tx) => {
        await upsertItems(tx, "half", [{ row: 0, input: { item_id: "a" } }]);
        throw new Error("killed");
      }),
    ).rejects.toThrow("killed");
    await upsert("half", { item_id: "b" });
    await expect
      .poll(() => heard)
      .toEqual(['{"tenant":"acme","namespace":"half","revision":1}']);
    await listener.close();
    expect(await ids("half", {})).toEqual(["b"]);
  });
});
