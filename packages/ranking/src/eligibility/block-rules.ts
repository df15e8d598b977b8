import { firstMatch } from "../rules.ts";
import type { Filter } from "./filter.ts";

/** BLOCK acts here and nowhere else (ruling 16), so it beats pins and boosts. */
export const blockRules: Filter = {
  reason: "blocked",
  text: "is blocked by a rule",
  prepare({ rules, catalogue }) {
    if (!rules.hasBlocks) return null;
    const find = (position: number): number => {
      const item = catalogue.items[position];
      return item ? firstMatch(rules, item, ["BLOCK"]) : -1;
    };
    return {
      removes: (position) => find(position) >= 0,
      detail: (position) =>
        `blocked:${rules.compiled.rules[find(position)]?.rule.id ?? ""}`,
    };
  },
};
