import { scoreParts } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { RICH_USER, richShop } from "../../test/rich-shop.ts";
import { rankIn } from "../../test/shop.ts";
import type { Term } from "./term.ts";

/** What every term keeps to; `terms.test.ts` runs it over all of them. */
export function termContract(term: Term): void {
  describe(`term ${term.name}`, () => {
    const list = (weight: number) =>
      rankIn(
        richShop(),
        { k: 10, requestKnobs: { [`${term.name}.weight`]: weight } },
        { userState: RICH_USER },
      );

    it("changes nothing and is not recorded at weight 0", () => {
      const result = list(0);
      expect(result.terms).toEqual([]);
      expect(result.slate[0]).not.toHaveProperty("terms");
    });

    it("moves scores by weight × value, which the parts of the score name", () => {
      const result = list(3);
      expect(result.terms).toEqual([
        { term: term.name, weight: 3 * term.sign },
      ]);
      const plain = new Map(
        list(0).slate.map(({ item_id, score }) => [item_id, score]),
      );
      let moved = 0;
      for (const item of result.slate) {
        const [value = 0] = item.terms ?? [];
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const parts = scoreParts(item, result);
        const sum = parts.reduce((total, part) => total + part.contribution, 0);
        expect(sum).toBe(item.score);
        if (value === 0) continue;
        moved++;
        const before = plain.get(item.item_id);
        if (before === undefined) continue;
        expect(item.score - before).toBeCloseTo(3 * term.sign * value, 10);
      }
      expect(moved).toBeGreaterThan(0);
    });

    it("is described for the reference, with knobs under its own name", () => {
      expect(term.description).toMatch(/\.$/);
      for (const { name } of term.knobs) {
        expect(name.startsWith(`${term.name}.`)).toBe(true);
      }
    });
  });
}
