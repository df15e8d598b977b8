import {
  DEFAULT_CONFIG,
  type KnobValue,
  type KnobValues,
} from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { RICH_IDS, RICH_USER, richShop } from "../test/rich-shop.ts";
import { idsOf, rankIn, request, shop } from "../test/shop.ts";
import { effectiveKnobs } from "./knob-layers.ts";
import { checkKnobs, KNOBS, weightKnobs } from "./knobs.ts";
import { SOURCES } from "./sources/index.ts";
import { TERMS } from "./terms/index.ts";

/** What a knob needs beside itself to have something to do; one of a source has that source alone anyway. */
const NEEDED: Readonly<Record<string, KnobValues>> = {
  "slots.exploration_max_share": { "slots.exploration": 2 },
  "exploration.policy": { "slots.exploration": 2, "popularity.weight": 2 },
  "exploration.epsilon": { "slots.exploration": 2, "popularity.weight": 2 },
  "exploration.first_position": {
    "slots.exploration": 2,
    "popularity.weight": 2,
  },
  "ials.scan_limit": { "ials.quota": 20 },
  "buy_again.weight": { "eligibility.exclude_seen": "none" },
  "buy_again.quota": { "eligibility.exclude_seen": "none" },
  "buy_again.cooldown_days": { "eligibility.exclude_seen": "none" },
  "fatigue.window_hours": { "fatigue.cap": 1 },
  "diversity.window": { "diversity.mmr_lambda": 0.3 },
  "diversity.similarity": { "diversity.mmr_lambda": 0.3 },
};

function neededBy(name: string): KnobValues {
  const [source = "", kind] = name.split(".");
  const isOfSource = SOURCES.some((each) => each.name === source);
  const isOfTerm = TERMS.some((each) => each.name === source);
  return {
    ...(isOfSource && kind !== "weight" ? onlySource(source) : {}),
    ...(isOfTerm && kind !== "weight" ? { [`${source}.weight`]: 1 } : {}),
    ...NEEDED[name],
  };
}

/** A value that shows, where neither the smallest nor the largest does. */
const TELLING: Readonly<Record<string, KnobValue>> = {
  "eligibility.repeat_after_days": 10,
  "fatigue.cap": 1,
  "diversity.max_per_brand": 1,
  "diversity.max_per_category": 1,
  "diversity.max_per_provider": 1,
  "diversity.mmr_lambda": 0.3,
  "diversity.window": 2,
};

function onlySource(name: string): KnobValues {
  const names = KNOBS.map((knob) => knob.name).filter((each) =>
    each.endsWith(".weight"),
  );
  return {
    ...Object.fromEntries(names.map((each) => [each, 0])),
    [`${name}.weight`]: 1,
  };
}

function tellingValues(knob: (typeof KNOBS)[number]): readonly KnobValue[] {
  const value = TELLING[knob.name];
  if (value !== undefined) return [value];
  switch (knob.kind) {
    case "number":
      return [knob.minimum, knob.maximum];
    case "boolean":
      return [!knob.default];
    case "choice":
      return knob.choices;
  }
}

describe("every knob", () => {
  const asked = { context: { country: "France" } };
  const more = { userState: RICH_USER, sample: true };

  it.each(KNOBS.map((knob) => [knob.name, knob] as const))(
    "%s changes the result",
    (name, knob) => {
      const base = neededBy(name);
      const isQuota = name.endsWith(".quota");
      const isCandidates = name.startsWith("candidates.");
      const segment = name.startsWith("starter.") ? "newcomers" : null;
      const include = isCandidates ? RICH_IDS.slice(20, 50) : null;
      const observe = (requestKnobs: KnobValues) => {
        const { slate, candidates } = rankIn(
          richShop(),
          { ...asked, k: isQuota ? 2 : 12, include, segment, requestKnobs },
          more,
        );
        return { slate, candidates };
      };
      const usual = JSON.stringify(observe(base));
      const telling = tellingValues(knob).filter(
        (value) =>
          JSON.stringify(observe({ ...base, [name]: value })) !== usual,
      );
      expect(telling, "values that change the result").not.toEqual([]);
    },
  );

  it("has a default that it accepts, and a sentence", () => {
    for (const knob of KNOBS) {
      expect(checkKnobs({ [knob.name]: knob.default })).toEqual([]);
      expect(knob.description).toMatch(/\.$/);
    }
    expect(new Set(KNOBS.map(({ name }) => name)).size).toBe(KNOBS.length);
  });
});

describe("checkKnobs", () => {
  it("lists every value that may not be set", () => {
    const errors = checkKnobs(
      {
        "no.such": 1,
        "diversity.mmr_lambda": 2,
        "diversity.window": 1.5,
        "eligibility.exclude_seen": "some",
        "item_knn.weight": "high",
      },
      "/knobs",
    );
    expect(errors.map(({ path, code }) => [path, code])).toEqual([
      ["/knobs/no.such", "unknown_knob"],
      ["/knobs/diversity.mmr_lambda", "range"],
      ["/knobs/diversity.window", "type"],
      ["/knobs/eligibility.exclude_seen", "choice"],
      ["/knobs/item_knn.weight", "type"],
    ]);
  });

  it("takes the weights of a request as knobs", () => {
    expect(weightKnobs({ item_knn: 2 })).toEqual({ "item_knn.weight": 2 });
    expect(checkKnobs(weightKnobs({ nothing: 2 }))[0]?.code).toBe(
      "unknown_knob",
    );
  });
});

describe("the layers of knobs", () => {
  const knob = "popularity.weight";
  const layers = ["tenant", "namespace", "surface", "segment"] as const;

  function shopWith(count: number) {
    const has = (layer: (typeof layers)[number]) =>
      layers.indexOf(layer) < count;
    const set = (layer: (typeof layers)[number], value: number) =>
      has(layer) ? { [knob]: value } : {};
    const home = DEFAULT_CONFIG.surfaces["home"];
    if (home === undefined) throw new Error("there is a home");
    return shop({
      items: [],
      tenantKnobs: set("tenant", 1),
      config: {
        knobs: set("namespace", 2),
        surfaces: {
          home: { ...home, knobs: set("surface", 3) },
        },
        segments: [
          {
            name: "vip",
            owner: "shop",
            rule: { field: "traits.vip", op: "eq", value: true },
            knobs: set("segment", 4),
          },
        ],
      },
    });
  }

  it("let the last that sets a knob win, and name it", () => {
    const seen = [0, 1, 2, 3, 4].map((count) =>
      effectiveKnobs(shopWith(count), request(), "vip").find(
        ({ name }) => name === knob,
      ),
    );
    expect(seen.map((each) => [each?.layer, each?.value])).toEqual([
      ["default", 0.2],
      ["tenant", 1],
      ["namespace", 2],
      ["surface", 3],
      ["segment", 4],
    ]);
    const over = (facts: Parameters<typeof request>[0]) =>
      effectiveKnobs(shopWith(4), request(facts), "vip").find(
        ({ name }) => name === knob,
      );
    const experiment = { experimentKnobs: { [knob]: 5 } };
    expect(over(experiment)).toMatchObject({ layer: "experiment", value: 5 });
    expect(over({ ...experiment, requestKnobs: { [knob]: 6 } })).toMatchObject({
      layer: "request",
      value: 6,
    });
  });

  it("warns of a value in the configuration that no knob takes", () => {
    const snapshot = shop({ items: [], tenantKnobs: { "old.knob": 1 } });
    expect(rankIn(snapshot).warnings[0]).toEqual({
      code: "KNOB_IGNORED",
      detail: "old.knob of layer tenant: there is no knob old.knob",
    });
  });

  it("applies the first segment that matches", () => {
    const result = rankIn(
      shopWith(4),
      {},
      {
        userState: { ...RICH_USER, traits: { vip: true } },
      },
    );
    expect(result.segment).toBe("vip");
    expect(idsOf(result)).toEqual([]);
  });
});
