import { DAY_MS, type RankRequest, type UserEvent } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  event,
  item,
  NOW,
  only,
  rankIn,
  rule,
  shop,
  user,
} from "../../test/shop.ts";
import { snapshotWithCatalogue } from "../snapshot.ts";
import { FILTERS } from "./index.ts";

const SHOP = shop({
  items: [
    item("plain", {
      tags: ["red", "small"],
      price: 5,
      created_at: NOW - DAY_MS,
      brand: "acme",
    }),
    item("off", { available: false }),
    item("early", { valid_from: NOW + 1 }),
    item("late", { valid_until: NOW }),
    item("sold", { stock: 0 }),
    item("blank"),
  ],
  rules: [
    rule({ action: "BLOCK", target: { brand: "acme" }, surface: "cart" }),
  ],
  tenantKnobs: only({}),
});

type Case = readonly [
  id: string,
  asked: Partial<RankRequest>,
  events: readonly UserEvent[],
  reason: string,
];

/** Why an item is not in the list; `listed` when it is. */
function whyNot([id, asked, events]: Case): string {
  const result = rankIn(
    SHOP,
    { k: 10, whyNot: [id], ...asked },
    { userState: user(events) },
  );
  return result.whyNot[0]?.reason ?? "";
}

describe("eligibility", () => {
  const seen = [event("plain", "view", 1)];
  const none = { "eligibility.exclude_seen": "none" };
  const purchased = { "eligibility.exclude_seen": "purchased" };
  const cases: readonly Case[] = [
    ["plain", {}, [], "listed"],
    ["off", {}, [], "unavailable"],
    ["early", {}, [], "not_yet_valid"],
    ["late", {}, [], "expired"],
    ["sold", {}, [], "out_of_stock"],
    ["plain", { include: ["blank"] }, [], "not_included"],
    ["plain", { exclude: ["plain"] }, [], "excluded"],
    ["plain", { anchors: ["plain"] }, [], "anchor"],
    ["plain", { shown: ["plain"] }, [], "already_shown"],
    ["plain", {}, [event("plain", "hide")], "disliked"],
    ["plain", {}, seen, "already_seen"],
    ["plain", { requestKnobs: purchased }, seen, "listed"],
    ["plain", { requestKnobs: purchased }, [event("plain")], "already_seen"],
    ["plain", { requestKnobs: none }, [event("plain")], "listed"],
    ["plain", { constraints: { all_of: ["red", "small"] } }, [], "listed"],
    ["plain", { constraints: { all_of: ["red", "big"] } }, [], "lacks_all_of"],
    ["plain", { constraints: { any_of: ["red", "big"] } }, [], "listed"],
    ["plain", { constraints: { any_of: ["blue", "big"] } }, [], "lacks_any_of"],
    ["plain", { constraints: { none_of: ["small"] } }, [], "has_none_of"],
    ["plain", { constraints: { none_of: ["never"] } }, [], "listed"],
    ["plain", { constraints: { min_price: 5, max_price: 5 } }, [], "listed"],
    ["plain", { constraints: { min_price: 5.01 } }, [], "price"],
    ["blank", { constraints: { max_price: 100 } }, [], "price"],
    ["plain", { constraints: { max_age_days: 1 } }, [], "listed"],
    ["plain", { constraints: { max_age_days: 0.9 } }, [], "too_old"],
    ["blank", { constraints: { max_age_days: 1 } }, [], "too_old"],
    ["plain", { surface: "cart" }, [], "blocked:block"],
  ];

  it.each(cases.map((each) => [JSON.stringify(each), each] as const))(
    "answers %s",
    (_, each) => {
      expect(whyNot(each)).toBe(each[3]);
    },
  );

  it("forgives a dislike that a later like took back", () => {
    const events = [event("plain", "like", 1), event("plain", "dislike", 2)];
    expect(whyNot(["plain", { requestKnobs: none }, events, ""])).toBe(
      "listed",
    );
  });

  it("says that a deleted item was deleted", () => {
    const gone = SHOP.catalogue.withChanges([
      { position: 2, item_id: "plain", item: null },
    ]);
    const after = snapshotWithCatalogue(SHOP, gone);
    const result = rankIn(after, { k: 10, whyNot: ["plain"] });
    expect(result.whyNot[0]).toEqual({
      item_id: "plain",
      stage: "eligibility",
      reason: "deleted",
      text: "This item was deleted from the catalogue.",
      offered: false,
    });
  });

  it("has a sentence for each reason", () => {
    for (const { text } of FILTERS) {
      expect(`This item ${text}.`).toMatch(/^This item (is|was|has|lacks) /);
    }
  });
});
