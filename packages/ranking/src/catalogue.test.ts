import { describe, expect, it } from "vitest";
import { idsOf, item, lists, NOW, only, rankIn, shop } from "../test/shop.ts";
import { createCatalogue } from "./catalogue.ts";
import { snapshotWithCatalogue } from "./snapshot.ts";

describe("a catalogue", () => {
  const first = createCatalogue([item("a"), item("b")], 5);

  it("stays what it was when a later one changes", () => {
    const second = first.withChanges([
      { position: 6, item_id: "c", item: item("c") },
      { position: 7, item_id: "a", item: null },
    ]);
    expect([first.size, first.liveCount, first.revision]).toEqual([2, 2, 5]);
    expect(first.positionOf("c")).toBe(-1);
    expect(first.items[0]?.item_id).toBe("a");
    expect([second.size, second.liveCount, second.revision]).toEqual([3, 2, 7]);
    expect(second.positionOf("a")).toBe(0);
    expect(second.items[0]).toBe(null);
    expect(second.positionOf("c")).toBe(2);
  });

  it("gives two branches of one revision their own positions", () => {
    const left = first.withChanges([
      { position: 6, item_id: "left", item: item("left") },
    ]);
    const right = first.withChanges([
      { position: 6, item_id: "right", item: item("right") },
    ]);
    expect(left.positionOf("left")).toBe(2);
    expect(left.positionOf("right")).toBe(-1);
    expect(right.positionOf("right")).toBe(2);
    expect(right.positionOf("left")).toBe(-1);
  });

  it("skips changes that it contains already", () => {
    const same = first.withChanges([{ position: 5, item_id: "a", item: null }]);
    expect(same.liveCount).toBe(2);
  });

  it("brings a deleted item back to its old position", () => {
    const back = first
      .withChanges([{ position: 6, item_id: "a", item: null }])
      .withChanges([{ position: 7, item_id: "a", item: item("a") }]);
    expect(back.positionOf("a")).toBe(0);
    expect(back.size).toBe(2);
  });

  it("ignores the deletion of what it never had", () => {
    const after = first.withChanges([
      { position: 9, item_id: "zzz", item: null },
    ]);
    expect([after.size, after.revision]).toEqual([2, 9]);
  });

  it("lists items newest first, ties by id, those without a time left out", () => {
    const dated = createCatalogue(
      [
        item("old", { created_at: 1 }),
        item("y", { created_at: 2 }),
        item("x", { created_at: 2 }),
        item("none"),
      ],
      1,
    );
    const ids = Array.from(dated.newestFirst(), (p) => dated.ids[p]);
    expect(ids).toEqual(["x", "y", "old"]);
  });
});

describe("a snapshot with a later catalogue", () => {
  const snapshot = shop({
    items: [item("a"), item("b")],
    signals: { popularity: lists({ "": { late: 1, a: 0.5, b: 0.25 } }) },
    tenantKnobs: only({ popularity: 1 }),
  });

  it("binds an id that the artifact knew before the catalogue did", () => {
    const later = snapshotWithCatalogue(
      snapshot,
      snapshot.catalogue.withChanges([
        { position: 2, item_id: "late", item: item("late") },
      ]),
    );
    expect(idsOf(rankIn(snapshot))).toEqual(["a", "b"]);
    expect(idsOf(rankIn(later))).toEqual(["late", "a", "b"]);
    expect(later.versions.catalogue_revision).toBe(2);
  });

  it("no longer lists what was deleted", () => {
    const later = snapshotWithCatalogue(
      snapshot,
      snapshot.catalogue.withChanges([
        { position: 2, item_id: "a", item: null },
      ]),
    );
    expect(idsOf(rankIn(later))).toEqual(["b"]);
    expect(idsOf(rankIn(snapshot))).toEqual(["a", "b"]);
  });

  it("works with a catalogue that was loaded anew", () => {
    const anew = createCatalogue([item("b"), item("late"), item("a")], NOW);
    const later = snapshotWithCatalogue(snapshot, anew);
    expect(idsOf(rankIn(later))).toEqual(["late", "a", "b"]);
  });
});
