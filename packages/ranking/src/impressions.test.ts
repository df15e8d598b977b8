import { DEFAULT_CONFIG } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  event,
  idsOf,
  item,
  lists,
  only,
  rankIn,
  shop,
  shownList,
  user,
} from "../test/shop.ts";
import { usesImpressions } from "./impressions.ts";

const SCORES = { a: 0.9, b: 0.8, c: 0.7, d: 0.6 };
const SHOP = shop({
  items: Object.keys(SCORES).map((id) => item(id)),
  signals: { popularity: lists({ "": SCORES }) },
  tenantKnobs: only({ popularity: 1 }),
});

const seen = (...impressions: ReturnType<typeof shownList>[]) =>
  user([], { impressions });

const rankFor = (
  userState: ReturnType<typeof user>,
  requestKnobs: Record<string, number>,
) => rankIn(SHOP, { k: 3, requestKnobs, whyNot: ["a"] }, { userState });

describe("frequency_cap", () => {
  const knobs = { "fatigue.cap": 2, "fatigue.window_hours": 24 };

  it("takes out what was shown as often as the cap says, and names the reason", () => {
    const twice = seen(shownList(["a", "b"], 1), shownList(["a"], 23));
    const result = rankFor(twice, knobs);
    expect(idsOf(result)).toEqual(["b", "c", "d"]);
    expect(result.whyNot[0]?.reason).toBe("frequency_cap");
    expect(result.stages.find(({ stage }) => stage === "eligibility")).toEqual(
      expect.objectContaining({ removed: { frequency_cap: 1 } }),
    );
  });

  it("forgets what was shown a window ago, and ignores what is shown later", () => {
    const once = seen(
      shownList(["a"], -1),
      shownList(["a"], 1),
      shownList(["a"], 24),
    );
    expect(idsOf(rankFor(once, knobs))).toEqual(["a", "b", "c"]);
  });

  it("knows nothing without consent", () => {
    const state = seen(shownList(["a"], 1), shownList(["a"], 2));
    const denied = { ...state, consent: "denied" as const };
    expect(idsOf(rankFor(denied, knobs))).toEqual(["a", "b", "c"]);
  });
});

describe("fatigue", () => {
  const knobs = { "fatigue.weight": 1, "fatigue.half_life_hours": 10 };
  const valueOf = (state: ReturnType<typeof user>) =>
    rankIn(
      SHOP,
      { k: 4, requestKnobs: knobs },
      { userState: state },
    ).slate.find(({ item_id }) => item_id === "a")?.terms?.[0];

  it("is half for one impression now, a quarter a half-life later", () => {
    expect(valueOf(seen(shownList(["a"], 0)))).toBe(0.5);
    expect(valueOf(seen(shownList(["a"], 10)))).toBe(0.25);
  });

  it("multiplies what is left: 1 − (1 − 0.5)(1 − 0.25) = 0.625", () => {
    const state = seen(shownList(["a"], 0), shownList(["a"], 10));
    expect(valueOf(state)).toBe(0.625);
  });

  it("lets the list turn for a person who comes back", () => {
    const first = rankFor(seen(), knobs);
    expect(idsOf(first)).toEqual(["a", "b", "c"]);
    const again = rankFor(seen(shownList(idsOf(first), 0)), knobs);
    expect(idsOf(again)).toEqual(["d", "a", "b"]);
  });
});

describe("eligibility.repeat_after_days", () => {
  const bought = user([event("a", "view", 1), event("a", "purchase", 30)]);
  const listed = (days: number) =>
    idsOf(rankFor(bought, { "eligibility.repeat_after_days": days }));

  it("brings back what was bought so long ago, even if it was looked at since", () => {
    expect(listed(0)).toEqual(["b", "c", "d"]);
    expect(listed(30)).toEqual(["a", "b", "c"]);
    expect(listed(31)).toEqual(["b", "c", "d"]);
  });

  it("brings back nothing that was only looked at", () => {
    const viewed = user([event("a", "view", 40)]);
    const knobs = { "eligibility.repeat_after_days": 1 };
    expect(idsOf(rankFor(viewed, knobs))).toEqual(["b", "c", "d"]);
  });
});

describe("usesImpressions", () => {
  const configured = (config: object, tenantKnobs = {}) =>
    usesImpressions({
      config: { ...DEFAULT_CONFIG, ...config },
      tenantKnobs,
    });
  const home = DEFAULT_CONFIG.surfaces["home"];

  it("is true when any layer sets a cap or a weight", () => {
    expect(configured({})).toBe(false);
    expect(configured({ knobs: { "fatigue.half_life_hours": 5 } })).toBe(false);
    expect(configured({ knobs: { "fatigue.cap": 3 } })).toBe(true);
    expect(configured({}, { "fatigue.weight": 1 })).toBe(true);
    const surfaces = { home: { ...home, knobs: { "fatigue.cap": 1 } } };
    expect(configured({ surfaces })).toBe(true);
    const segment = { name: "s", owner: "o", rule: { all: [] } };
    const knobs = { "fatigue.weight": 1 };
    expect(configured({ segments: [{ ...segment, knobs }] })).toBe(true);
    const policy = { owner: "o", description: "d", knobs };
    expect(configured({ slate_policies: { calm: policy } })).toBe(true);
  });

  it("is true when the request asks", () => {
    const parts = { config: DEFAULT_CONFIG, tenantKnobs: {} };
    expect(usesImpressions(parts, { "fatigue.cap": 1 })).toBe(true);
    expect(usesImpressions(parts, { "fatigue.cap": 0 })).toBe(false);
  });
});
