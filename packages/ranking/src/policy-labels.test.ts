import type { PolicyLabels, Rule } from "@recsys/contracts";
import { DEFAULT_CONFIG } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  NOW,
  only,
  rankIn,
  shop,
  user,
} from "../test/shop.ts";
import { policyLabelErrors, thresholdsFor } from "./policy-labels.ts";

const LABEL = {
  name: "Violence",
  description: "Shows people being hurt.",
  owner: "trust",
  threshold: 0.6,
};
const POLICY: PolicyLabels = {
  age_trait: "age_group",
  labels: {
    violence: {
      ...LABEL,
      surfaces: { cart: 0.5 },
      age_groups: { child: 0.2, adult: 0.9 },
    },
    spam: { ...LABEL, name: "Spam" },
  },
};

describe("thresholds", () => {
  const of = (surface: string, traits: Record<string, string>) =>
    thresholdsFor({ policy_labels: POLICY }, { surface, traits }).get(
      "violence",
    );

  it("are the age group's, the surface's where that is stricter, the strictest where the age is unknown", () => {
    expect(of("home", { age_group: "adult" })).toBe(0.9);
    expect(of("cart", { age_group: "adult" })).toBe(0.5);
    expect(of("cart", { age_group: "child" })).toBe(0.2);
    expect(of("home", {})).toBe(0.2);
    expect(of("home", { age_group: "martian" })).toBe(0.2);
  });

  it("are the default where a label says nothing of ages", () => {
    const spam = thresholdsFor(
      { policy_labels: POLICY },
      { surface: "home", traits: {} },
    ).get("spam");
    expect(spam).toBe(0.6);
  });
});

describe("policy labels", () => {
  const SCORES = { calm: 0.9, rough: 0.8, grim: 0.7, told: 0.6 };
  const rules: Rule[] = [];
  const snapshot = (more: object = {}) =>
    shop({
      items: [
        item("calm", { labels: { violence: 0.1 } }),
        item("rough", { labels: { violence: 0.3, unheard_of: 1 } }),
        item("grim", { labels: { violence: 0.9 } }),
        item("told"),
      ],
      rules,
      signals: { popularity: lists({ "": SCORES }) },
      tenantKnobs: only({ popularity: 1 }),
      config: { policy_labels: POLICY },
      ruleSet: {
        labels: [
          {
            id: "label-1",
            item_id: "told",
            label: "violence",
            task_id: "0198c5a4-77aa-7c1d-9e6f-2b4f0c9d8e7a",
            decided_by: "ada",
            reason: "seen",
            decided_at: new Date(NOW - 1000).toISOString(),
            expires_at: new Date(NOW + 1000).toISOString(),
          },
        ],
      },
      ...more,
    });
  const adult = user([], { traits: { age_group: "adult" } });
  const child = user([], { traits: { age_group: "child" } });

  it("keep items out by audience, also where the list would be short", () => {
    const result = rankIn(
      snapshot(),
      { k: 4, whyNot: ["grim", "told", "rough"] },
      { userState: adult },
    );
    expect(idsOf(result)).toEqual(["calm", "rough"]);
    expect(result.whyNot.map(({ reason, cause }) => [reason, cause])).toEqual([
      ["policy_label:violence", "violence"],
      ["policy_label:violence", "violence"],
      ["listed", undefined],
    ]);
    const strict = (userState = child) =>
      idsOf(rankIn(snapshot(), { k: 4 }, { userState }));
    expect(strict()).toEqual(["calm"]);
    expect(strict(user())).toEqual(["calm"]);
  });

  it("end when they expire, and mean nothing without a taxonomy", () => {
    const later = rankIn(
      snapshot(),
      { k: 4 },
      { userState: adult, now: NOW + 1000 },
    );
    expect(idsOf(later)).toEqual(["calm", "rough", "told"]);
    const none = rankIn(snapshot({ config: {} }), { k: 4 });
    expect(idsOf(none)).toEqual(["calm", "rough", "grim", "told"]);
  });

  it("refuse a policy that names what there is not", () => {
    const errors = policyLabelErrors({
      ...DEFAULT_CONFIG,
      policy_labels: {
        age_trait: "age_group",
        labels: { violence: { ...LABEL, surfaces: { moon: 0.5 } } },
      },
    });
    expect(errors.map(({ path, code }) => [path, code])).toEqual([
      ["/policy_labels/age_trait", "unknown_trait"],
      ["/policy_labels/labels/violence/surfaces/moon", "unknown_surface"],
    ]);
    expect(
      policyLabelErrors({
        ...DEFAULT_CONFIG,
        policy_labels: {
          labels: { violence: { ...LABEL, age_groups: { child: 0.1 } } },
        },
      }),
    ).toMatchObject([{ code: "required" }]);
  });
});
