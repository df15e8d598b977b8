import { describe, expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  only,
  rankIn,
  shop,
  user,
} from "../../test/shop.ts";
import { TERMS } from "./index.ts";
import { termContract } from "./terms.contract.ts";

for (const term of TERMS) termContract(term);

describe("terms", () => {
  it("each have a name of their own", () => {
    const names = TERMS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("rotation", () => {
  const EQUAL = { a: 0.5, b: 0.5, c: 0.5, d: 0.5, e: 0.5, f: 0.5 };
  const snapshot = shop({
    items: Object.keys(EQUAL).map((id) => item(id)),
    signals: { popularity: lists({ "": EQUAL }) },
    tenantKnobs: { ...only({ popularity: 1 }), "rotation.weight": 0.01 },
  });
  const seenBy = (bucket_key: string, now: number) =>
    idsOf(
      rankIn(snapshot, { k: 6 }, { userState: user([], { bucket_key }), now }),
    );
  const DAY = 86_400_000;

  it("gives a person the same turn all day and another the next day", () => {
    expect(seenBy("ann", 10 * DAY)).toEqual(seenBy("ann", 10.9 * DAY));
    expect(seenBy("ann", 10 * DAY)).not.toEqual(seenBy("ann", 11 * DAY));
    expect(seenBy("ann", 10 * DAY)).not.toEqual(seenBy("ben", 10 * DAY));
  });

  it("puts each of six equals first for about a sixth of the people", () => {
    const first = new Map<string, number>();
    for (let person = 0; person < 3000; person++) {
      const [id = ""] = seenBy(`p${person}`, 0);
      first.set(id, (first.get(id) ?? 0) + 1);
    }
    for (const count of first.values()) {
      expect(Math.abs(count - 500)).toBeLessThan(90);
    }
  });
});
