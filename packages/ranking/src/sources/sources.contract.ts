import { describe, expect, it } from "vitest";
import { RICH_IDS, RICH_USER, richShop } from "../../test/rich-shop.ts";
import { request } from "../../test/shop.ts";
import { createSnapshot, type Snapshot } from "../snapshot.ts";
import { prepareWork } from "../prepare.ts";
import type { Source } from "../source.ts";
import { collectOffers } from "../stages/offers.ts";
import { NOW } from "../../test/shop.ts";
import { rank } from "../rank.ts";

const SHUFFLED = [...RICH_IDS].reverse();

/** A request in which every source has something to offer. */
function generous(source: Source, more: Record<string, number | string> = {}) {
  return request({
    k: 10,
    segment: source.name === "starter" ? "newcomers" : null,
    include: source.name === "candidates" ? ["item-50", "item-01"] : null,
    requestKnobs: {
      [`${source.name}.weight`]: 1,
      "eligibility.exclude_seen": "none",
      ...more,
    },
  });
}

/** What the source offers, by item id, and how it scores every item. */
function offerOf(source: Source, snapshot: Snapshot, knobs = {}) {
  const work = prepareWork({
    request: generous(source, knobs),
    snapshot,
    userState: RICH_USER,
    now: NOW,
  });
  collectOffers(work, false);
  const active = work.active.find((each) => each.source === source);
  if (active === undefined) throw new Error(`${source.name} offers nothing`);
  const { offer, limit } = active;
  const { catalogue } = snapshot;
  const { ids } = catalogue;
  const positions = Int32Array.from(RICH_IDS, (id) => catalogue.positionOf(id));
  const out = new Float64Array(positions.length);
  offer.scoreInto?.({ positions, out });
  return {
    limit,
    offered: Array.from(offer.positions, (position) => ids[position] ?? ""),
    scores: Array.from(positions, (position) => offer.scoreOf(position)),
    many: offer.scoreInto === undefined ? null : Array.from(out),
    codes: Array.from(
      offer.positions,
      (position) => offer.reasonOf?.(position).code ?? null,
    ),
  };
}

/** What every candidate source keeps to; `sources.test.ts` runs it over the registry. */
export function sourceContract(source: Source): void {
  describe(`source ${source.name}`, () => {
    it("is named for knobs and has a text for each reason", () => {
      expect(source.name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(Object.keys(source.reasons).length).toBeGreaterThan(0);
      for (const knob of source.knobs) {
        expect(knob.name.startsWith(`${source.name}.`)).toBe(true);
      }
    });

    it("offers each item once, at most as many as it may", () => {
      const { offered, limit } = offerOf(source, richShop());
      expect(new Set(offered).size).toBe(offered.length);
      expect(offered.length).toBeGreaterThan(0);
      expect(offered.length).toBeLessThanOrEqual(limit);
    });

    it("honours its quota", () => {
      const snapshot = richShop();
      const { offered } = offerOf(source, snapshot, {
        [`${source.name}.quota`]: 1,
      });
      // Over-fetch: the two items of the request's filters (one dislike) come on top.
      expect(offered.length).toBeLessThanOrEqual(source.isGiven ? 1 : 2);
    });

    it("scores every item of the catalogue from 0 to 1, one by one as all at once", () => {
      const { scores, many } = offerOf(source, richShop());
      for (const score of scores) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
      if (many !== null) expect(many).toEqual(scores);
    });

    it("gives the same whatever order catalogue and artifact stand in", () => {
      const usual = offerOf(source, richShop());
      const other = offerOf(
        source,
        richShop({ items: SHUFFLED, artifacts: SHUFFLED }),
      );
      expect([...other.offered].sort()).toEqual([...usual.offered].sort());
      expect(other.scores).toEqual(usual.scores);
    });

    it("scores the same whatever its quota", () => {
      const snapshot = richShop();
      const { scores } = offerOf(source, snapshot);
      const knobs = { [`${source.name}.quota`]: 1 };
      if (source.isGiven === true) return;
      expect(offerOf(source, snapshot, knobs).scores).toEqual(scores);
    });

    it("gives reasons that it has texts for", () => {
      for (const code of offerOf(source, richShop()).codes) {
        if (code !== null) expect(Object.keys(source.reasons)).toContain(code);
      }
    });

    it("is unavailable, and says so, without a signal that it needs", () => {
      for (const name of source.needs) {
        const full = richShop();
        const signals = { ...full.signals };
        Reflect.deleteProperty(signals, name);
        const result = rank({
          request: generous(source),
          snapshot: createSnapshot({ ...full, signals }),
          userState: RICH_USER,
          now: NOW,
          seed: 1,
        });
        expect(
          result.sources.find((each) => each.source === source.name),
        ).toMatchObject({
          outcome: "unavailable",
          offered: 0,
          reason: `the manifest has no signal ${name} yet`,
        });
        expect(result.degraded).toContainEqual({
          part: `source:${source.name}`,
          reason: `the manifest has no signal ${name} yet`,
        });
        expect(result.slate).toHaveLength(10);
      }
    });
  });
}
