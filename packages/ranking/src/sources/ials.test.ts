import { expect, it } from "vitest";
import {
  event,
  factors,
  idsOf,
  item,
  only,
  rankIn,
  shop,
  user,
} from "../../test/shop.ts";

const snapshot = shop({
  items: ["w", "x", "y", "z"].map((id) => item(id)),
  signals: {
    ials: factors({ w: [2, 0], x: [1, 0], y: [0.5, 0.5], z: [0, 1] }),
  },
  tenantKnobs: only({ ials: 1 }),
});
const userState = user([event("w")]);

it("scores by the folded-in user, over the largest score of the catalogue", () => {
  // The user points along w, the largest score: x 1/2, y 1/4, z nothing.
  const result = rankIn(snapshot, { k: 2 }, { userState });
  expect(idsOf(result)).toEqual(["x", "y"]);
  expect(result.slate.map(({ score }) => score)).toEqual([0.5, 0.25]);
  expect(result.slate[0]?.reasons[0]?.text).toBe(
    "Chosen by people with a taste like yours",
  );
});

it("above its limit scores what others offer, by |user| × largest |item|", () => {
  // The largest item is w itself, so here both norms are the same.
  const requestKnobs = { "ials.scan_limit": 3 };
  const asked = { include: ["x", "y", "z"], requestKnobs };
  const result = rankIn(snapshot, asked, { userState });
  expect(result.slate.map(({ score }) => score)).toEqual([0.5, 0.25, 0]);
  expect(result.sources.find(({ source }) => source === "ials")).toMatchObject({
    outcome: "ok",
    offered: 0,
  });
});

it("has nothing to say of somebody without a known item", () => {
  const result = rankIn(snapshot, {}, { userState: user([event("?")]) });
  expect(result.sources.find(({ source }) => source === "ials")).toMatchObject({
    outcome: "not-applicable",
  });
});
