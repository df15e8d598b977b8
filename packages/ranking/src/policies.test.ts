import { DEFAULT_CONFIG, type ConfigDocument } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { item, rankIn, request, shop } from "../test/shop.ts";
import { effectiveKnobs } from "./knob-layers.ts";
import { policyErrors } from "./policy-errors.ts";

const home = DEFAULT_CONFIG.surfaces["home"];
if (home === undefined) throw new Error("there is a home");

const earn = {
  owner: "finance",
  description: "Margin counts.",
  terms: { utility_margin: 0.5 },
};
const mixed = {
  owner: "design",
  description: "Mixed lists.",
  knobs: { "diversity.mmr_lambda": 0.7, "diversity.max_per_brand": 3 },
};

function configOf(
  surface: Partial<typeof home>,
  more: Partial<ConfigDocument> = {},
): ConfigDocument {
  return {
    ...DEFAULT_CONFIG,
    surfaces: { home: { ...home, ...surface } } as ConfigDocument["surfaces"],
    utility_policies: { earn },
    slate_policies: { mixed },
    ...more,
  };
}

const both = { utility_policy: "earn", slate_policy: "mixed" };

describe("the policies of a surface", () => {
  const knobsOf = (config: ConfigDocument) => {
    const snapshot = shop({ items: [item("a")], config });
    return effectiveKnobs(snapshot, request(), null);
  };

  it("set its knobs, unless it sets them itself", () => {
    const knobs = { "diversity.max_per_brand": 1 };
    expect(knobsOf(configOf({ ...both, knobs }))).toEqual(
      expect.arrayContaining([
        { name: "utility_margin.weight", value: 0.5, layer: "surface" },
        { name: "diversity.mmr_lambda", value: 0.7, layer: "surface" },
        { name: "diversity.max_per_brand", value: 1, layer: "surface" },
      ]),
    );
  });

  it("go before those of the namespace, and after those of the segment", () => {
    const knobs = { "utility_margin.weight": 9 };
    const config = configOf(both, { knobs });
    expect(knobsOf(config)).toContainEqual({
      name: "utility_margin.weight",
      value: 0.5,
      layer: "surface",
    });
  });

  it("are named with a version that follows their content", () => {
    const policies = (config: ConfigDocument, surface = "home") =>
      rankIn(shop({ items: [item("a")], config }), { surface }).policies;
    const now = policies(configOf(both));
    expect(now).toMatchObject({
      utility: {
        name: "earn",
        version: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      },
      slate: { name: "mixed" },
    });
    const louder = { ...earn, terms: { utility_margin: 0.6 } };
    const later = policies(
      configOf(both, { utility_policies: { earn: louder } }),
    );
    expect(later.utility?.version).not.toBe(now.utility?.version);
    expect(later.slate).toEqual(now.slate);
    const none = { utility: null, slate: null };
    expect(policies(configOf({}))).toEqual(none);
    expect(policies(configOf(both), "elsewhere")).toEqual(none);
  });
});

describe("policyErrors", () => {
  it("finds nothing wrong with policies that are there", () => {
    expect(policyErrors(configOf(both))).toEqual([]);
    expect(policyErrors(DEFAULT_CONFIG)).toEqual([]);
  });

  it("names every unknown policy, term and knob, and knobs of other groups", () => {
    const bad = configOf(
      { utility_policy: "gone", slate_policy: "constructor" },
      {
        utility_policies: {
          earn: { ...earn, terms: { utility_fame: 1, utility_margin: 1 } },
        },
        slate_policies: {
          mixed: {
            ...mixed,
            knobs: {
              "ials.weight": 1,
              "diversity.nothing": 1,
              "diversity.mmr_lambda": 2,
            },
          },
        },
      },
    );
    expect(policyErrors(bad).map(({ path, code }) => [path, code])).toEqual([
      ["/utility_policies/earn/terms/utility_fame", "unknown_term"],
      ["/slate_policies/mixed/knobs/diversity.nothing", "unknown_knob"],
      ["/slate_policies/mixed/knobs/diversity.mmr_lambda", "range"],
      ["/slate_policies/mixed/knobs/ials.weight", "not_of_slate"],
      ["/surfaces/home/utility_policy", "unknown_policy"],
      ["/surfaces/home/slate_policy", "unknown_policy"],
    ]);
  });
});

describe("the floors of a slate policy", () => {
  const errorsOf = (floors: readonly object[]) =>
    policyErrors(
      configOf(both, {
        slate_policies: { mixed: { ...mixed, floors: floors as never } },
      }),
    ).map(({ path, code }) => [
      path.replace("/slate_policies/mixed/floors", ""),
      code,
    ]);

  it("name a provider or items, each once, and no more than the list", () => {
    expect(
      errorsOf([
        { name: "a", provider_id: "p", min_share: 0.6 },
        { name: "b", provider_id: "q", min_share: 0.4 },
        { name: "c", where: "item.price > 5", min_share: 0.4 },
      ]),
    ).toEqual([]);
    expect(
      errorsOf([
        { name: "a", provider_id: "p", min_share: 0.7 },
        { name: "a", provider_id: "q", min_share: 0.4 },
        { name: "b", min_share: 0.1 },
        { name: "c", provider_id: "r", where: "now > now", min_share: 0.1 },
        { name: "d", where: "item.prise > 5", min_share: 0.1 },
        { name: "e", where: "not (history.count > 3)", min_share: 0.1 },
      ]),
    ).toEqual([
      ["/1/name", "repeated"],
      ["/2", "members"],
      ["/3", "members"],
      ["/4/where", "expression"],
      ["/5/where", "expression"],
      ["", "range"],
    ]);
  });
});
