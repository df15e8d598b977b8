import { DAY_MS, type Rule, type RuleSet } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { NOW, rule } from "../test/shop.ts";
import { teaShop } from "../test/tea-shop.ts";
import { findRuleConflicts } from "./rule-conflicts.ts";
import { compileRules } from "./rules.ts";

function conflicts(rules: readonly Partial<Rule>[], more: object = {}) {
  const { catalogue, expressions } = teaShop();
  const set: RuleSet = {
    rules: rules.map((facts, i) =>
      rule({ action: "BOOST", target: {}, id: `r${i}`, ...facts }),
    ),
    ...more,
  };
  return findRuleConflicts(compileRules(set, expressions), catalogue, NOW).map(
    ({ kind, rules: named, items }) => `${kind} ${named.join(" ")} ${items}`,
  );
}

const MUG = { item_ids: ["mug"] };
const BOTH = { item_ids: ["mug", "tea"] };
const time = (days: number) => new Date(NOW + days * DAY_MS).toISOString();

describe("rules", () => {
  it.each<[string, Partial<Rule>[], string[]]>([
    [
      "that mean nothing",
      [{ target: { tags: ["x"] } }],
      ["never_matching r0 0"],
    ],
    [
      "that mean nothing by expression",
      [{ target: { where: "item.price > 9" } }],
      ["never_matching r0 0"],
    ],
    [
      "that mean nothing now but may for somebody",
      [{ target: { where: "history.count > 3" } }],
      [],
    ],
    [
      "that are over",
      [{ target: MUG, valid_until: time(-1) }],
      ["never_matching r0 0"],
    ],
    [
      "that boost what is blocked",
      [{ target: MUG }, { target: BOTH, action: "BLOCK" }],
      ["shadowed r0 r1 1"],
    ],
    [
      "that boost what is blocked in part",
      [{ target: BOTH }, { target: MUG, action: "BLOCK" }],
      ["contradictory r0 r1 1"],
    ],
    [
      "that boost what is blocked elsewhere",
      [{ target: MUG }, { target: MUG, action: "BLOCK", surface: "cart" }],
      ["contradictory r0 r1 1"],
    ],
    [
      "of two places",
      [
        { target: MUG, surface: "home" },
        { target: MUG, action: "BURY", surface: "cart" },
      ],
      [],
    ],
    [
      "of two times",
      [
        { target: MUG, valid_until: time(1) },
        { target: MUG, action: "BURY", valid_from: time(1) },
      ],
      [],
    ],
    [
      "that a higher priority decides",
      [{ target: MUG }, { target: BOTH, priority: 9 }],
      ["shadowed r0 r1 1"],
    ],
    [
      "that pull apart",
      [
        { target: BOTH, priority: 9 },
        { target: { item_ids: ["tea", "pot"] }, action: "BURY" },
      ],
      ["contradictory r1 r0 1"],
    ],
    [
      "that want one place",
      [
        { target: MUG, action: "PIN", position: 2 },
        { target: BOTH, action: "PIN", position: 2 },
      ],
      ["same_position r1 r0 0"],
    ],
    [
      "that are unreadable",
      [{ target: { where: "item.attributes.gone = 1" } }],
      ["unreadable r0 0"],
    ],
    ["that are off", [{ target: { tags: ["x"] }, enabled: false }], []],
  ])("%s are reported as they are", (_, rules, expected) => {
    expect(conflicts(rules)).toEqual(expected);
  });

  it("of a campaign that is over are over", () => {
    const campaign = {
      id: "spring",
      title: "Spring",
      owner: "o",
      enabled: true,
      valid_until: time(-1),
    };
    expect(
      conflicts([{ target: MUG, campaign: "spring" }], {
        campaigns: [campaign],
      }),
    ).toEqual(["never_matching r0 0"]);
  });
});
