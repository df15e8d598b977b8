import type { Rule, RuleSet } from "@recsys/contracts";

/** One way to ask for more than a plain list; what it costs is measured beside the plain one. */
export interface FeatureCase {
  readonly name: string;
  /** Laid over the body of each request. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Rules that are live meanwhile; none unless said. */
  readonly rules?: RuleSet;
}

function rule(n: number, facts: Pick<Rule, "action" | "target">): Rule {
  return {
    id: `bench-${n}`,
    priority: n,
    enabled: true,
    owner: "bench",
    reason: "bench",
    ...facts,
  };
}

/** As a shop has them: most name a brand or some items, some ask about the price. */
const HUNDRED_RULES: RuleSet = {
  rules: Array.from({ length: 100 }, (_, n) => {
    if (n % 10 === 0) {
      const where = `item.price > ${n} and item.price < ${n + 2}`;
      return rule(n, { action: "BOOST", target: { where } });
    }
    if (n % 10 === 1) {
      const item_ids = [`item-${n}`, `item-${n + 500}`];
      return rule(n, { action: "BLOCK", target: { item_ids } });
    }
    return rule(n, {
      action: n % 2 === 0 ? "BOOST" : "BURY",
      target: { brand: `brand ${n}` },
    });
  }),
};

const knobs = (values: Readonly<Record<string, number | string>>) => ({
  body: { knobs: values },
});

/** Each feature of the hot path alone. */
export const FEATURE_CASES: readonly FeatureCase[] = [
  { name: "100 rules, 10 with expressions", body: {}, rules: HUNDRED_RULES },
  {
    name: "constraint with an expression",
    body: { constraints: { where: "item.price < 50 and exists(item.brand)" } },
  },
  { name: "variety (MMR)", ...knobs({ "diversity.mmr_lambda": 0.7 }) },
  { name: "cap per brand", ...knobs({ "diversity.max_per_brand": 2 }) },
  { name: "calibration", ...knobs({ "diversity.calibration": 0.5 }) },
  {
    name: "2 places on trial (Thompson)",
    ...knobs({ "slots.exploration": 2 }),
  },
  { name: "rotation", ...knobs({ "rotation.weight": 0.05 }) },
  { name: "fatigue", ...knobs({ "fatigue.weight": 0.5, "fatigue.cap": 50 }) },
  { name: "margin in the score", ...knobs({ "utility_margin.weight": 0.5 }) },
  { name: "parts of the score", body: { options: { explain: "full" } } },
  { name: "trace", body: { options: { include_trace: true } } },
  { name: "items in full", body: { options: { include_items: true } } },
  {
    name: "why not, for 20 items",
    body: {
      options: {
        why_not: Array.from({ length: 20 }, (_, n) => `item-${n * 777}`),
      },
    },
  },
];
