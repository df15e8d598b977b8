import { DEFAULT_CONFIG, type WhyNot } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { decisionRecord } from "../../test/decision-record.ts";
import { findCauses, type CauseFacts } from "./find-causes.ts";

const RECORD = decisionRecord({});
const QUIET: CauseFacts = {
  record: {
    ...RECORD,
    request: { ...RECORD.request, surface: "home", k: RECORD.slate.length },
    degraded: [],
    stages: [],
  },
  config: DEFAULT_CONFIG,
  rules: { rules: [] },
  whyNot: [],
  difference: "",
  changes: [],
  learnedHours: 1,
  fallbackOwner: null,
};
const absent = (reason: string, cause?: string): WhyNot => ({
  item_id: "tea",
  stage: "eligibility",
  reason,
  text: "This item is out.",
  offered: false,
  ...(cause === undefined ? {} : { cause }),
});
const ownersOf = (facts: Partial<CauseFacts>) =>
  findCauses({ ...QUIET, ...facts }).map(({ owner }) => owner);

describe("the likely cause", () => {
  it("is nothing unusual where nothing is, and the surface's owner's", () => {
    expect(findCauses(QUIET)).toEqual([
      {
        cause:
          "Nothing unusual: the list is what signals and weights of the surface make of this history.",
        owner: "unassigned (surface home)",
      },
    ]);
  });

  it("is owned by who wrote the rule, the override or the label that keeps an item out", () => {
    const rules: CauseFacts["rules"] = {
      rules: [
        {
          id: "no-tea",
          action: "BLOCK",
          target: { item_ids: ["tea"] },
          priority: 1,
          enabled: true,
          owner: "mia",
          reason: "recalled",
        },
      ],
      overrides: [
        {
          id: "override-1",
          action: "suppress",
          item_id: "tea",
          author: "ben",
          reason: "broken",
          created_at: "2026-01-01T00:00:00Z",
          expires_at: "2026-01-02T00:00:00Z",
        },
      ],
    };
    const config = {
      ...DEFAULT_CONFIG,
      policy_labels: {
        labels: {
          violence: {
            name: "Violence",
            description: "Hurts.",
            owner: "trust",
            threshold: 0.5,
          },
        },
      },
    };
    expect(
      ownersOf({
        rules,
        config,
        whyNot: [
          absent("blocked:no-tea", "no-tea"),
          absent("blocked:override-1", "override-1"),
          absent("policy_label:violence", "violence"),
          absent("out_of_stock"),
          absent("already_seen"),
        ],
      }),
    ).toEqual([
      "mia (rule no-tea)",
      "ben (rule override-1)",
      "trust (policy label violence)",
      "integration: who sends items and requests",
      "unassigned (surface home)",
    ]);
  });

  it("is what failed, what is old, and what was changed", () => {
    const record = {
      ...QUIET.record,
      degraded: [
        { part: "fallback", reason: "3 places" },
        { part: "user_state", reason: "too slow" },
      ],
    };
    expect(
      ownersOf({
        record,
        fallbackOwner: "merchandising",
        learnedHours: 49,
        difference: "rank 1",
        changes: [{ what: "rules", author: "mia", hoursBefore: 2 }],
      }),
    ).toEqual([
      "merchandising (fallback list)",
      "operations (user_state)",
      "operations",
      "operations (pipelines)",
      "mia",
    ]);
    expect(ownersOf({ learnedHours: 48 })).toHaveLength(1);
  });

  it("names what took most out of a list that is short", () => {
    const record = {
      ...QUIET.record,
      request: { ...QUIET.record.request, k: QUIET.record.slate.length + 5 },
      stages: [
        { stage: "merge", in: 90, out: 50, removed: { duplicate: 40 } },
        {
          stage: "eligibility",
          in: 50,
          out: 1,
          removed: { price: 9, out_of_stock: 40 },
        },
      ],
    };
    const [cause] = findCauses({ ...QUIET, record });
    expect(cause?.cause).toContain(
      "the stage eligibility took out 40 as out_of_stock",
    );
  });
});
