import { describe, expect, it } from "vitest";
import { newestLists, ShownLists } from "./shown-lists.ts";

const list = (request_id: string, ts: number, size = 1) => ({
  request_id,
  ts,
  item_ids: Array.from({ length: size }, (_, i) => `${request_id}-${i}`),
});
const anna = { tenant: "t", namespace: "n", pseudonym: "anna" };
const ben = { ...anna, pseudonym: "ben" };
const namesOf = (lists: readonly { readonly request_id: string }[]) =>
  lists.map(({ request_id: id }) => id);

describe("newestLists", () => {
  it("keeps each list once, newest first", () => {
    const lists = [list("a", 1), list("b", 3), list("a", 9), list("c", 2)];
    expect(namesOf(newestLists(lists))).toEqual(["b", "c", "a"]);
  });

  it("keeps 50 lists and 500 items, and the newest list whatever its size", () => {
    const many = Array.from({ length: 60 }, (_, i) => list(`l${i}`, i));
    expect(namesOf(newestLists(many))).toHaveLength(50);
    const large = [list("a", 3, 200), list("b", 2, 200), list("c", 1, 200)];
    expect(namesOf(newestLists(large))).toEqual(["a", "b"]);
    expect(namesOf(newestLists([list("a", 1, 900)]))).toEqual(["a"]);
  });
});

describe("shown lists in memory", () => {
  it("are kept by person, and forgotten by person or namespace", () => {
    const shown = new ShownLists();
    shown.remember(anna, list("a", 1));
    shown.remember(anna, list("b", 2));
    shown.remember(ben, list("c", 1));
    expect(namesOf(shown.find(anna))).toEqual(["b", "a"]);
    shown.forget("t", "n", ["anna"]);
    expect(shown.find(anna)).toEqual([]);
    shown.forget("t", "other", null);
    expect(namesOf(shown.find(ben))).toEqual(["c"]);
    shown.forget("t", "n", null);
    expect(shown.find(ben)).toEqual([]);
  });

  it("let go of who was not seen for longest when there is no room", () => {
    const shown = new ShownLists(3);
    shown.remember(anna, list("a", 1, 2));
    shown.remember(ben, list("b", 1, 2));
    expect(shown.find(anna)).toEqual([]);
    expect(namesOf(shown.find(ben))).toEqual(["b"]);
  });
});
