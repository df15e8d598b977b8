import { describe, expect, it } from "vitest";
import { RICH_USER, richShop } from "../../test/rich-shop.ts";
import { neighbours, NOW, rankIn, request } from "../../test/shop.ts";
import { prepareWork } from "../prepare.ts";
import { STAGES } from "../pipeline.ts";
import { runStage, type Stage, type Work } from "../work.ts";

const ASKED = {
  k: 8,
  constraints: { max_per_brand: 2 },
  exclude: ["item-05"],
} as const;

/** The work as it is before and after a stage. */
function runUpTo(stage: Stage): { before: number[]; work: Work } {
  const work = prepareWork({
    request: request({ ...ASKED, exclude: [...ASKED.exclude] }),
    snapshot: richShop(),
    userState: RICH_USER,
    now: NOW,
  });
  for (const each of STAGES) {
    if (each === stage) break;
    runStage(each, work);
  }
  const before = Array.from(work.alive);
  runStage(stage, work);
  return { before, work };
}

/** What every stage keeps to; `stages.test.ts` runs it over the pipeline. */
export function stageContract(stage: Stage): void {
  describe(`stage ${stage.name}`, () => {
    it("keeps or removes every candidate that came in, and no candidate twice", () => {
      const { before, work } = runUpTo(stage);
      const kept = new Set(work.alive);
      expect(kept.size).toBe(work.alive.length);
      for (const candidate of before) {
        const isRemoved = work.pool.columns.removal[candidate] !== 0;
        expect(kept.has(candidate)).toBe(!isRemoved);
      }
    });

    it("records numbers that add up", () => {
      const { stages } = rankIn(
        richShop(),
        { k: 8, constraints: { max_per_brand: 2 } },
        { userState: RICH_USER },
      );
      const record = stages.find((each) => each.stage === stage.name);
      const removed = Object.values(record?.removed ?? {});
      const sum = removed.reduce((total, each) => total + each, 0);
      if (stage.name === "sources" || stage.name === "backfill") return;
      expect((record?.in ?? 0) - sum).toBe(record?.out);
    });

    it("has a text for each reason that it removes with", () => {
      const { work } = runUpTo(stage);
      for (const reason of Object.keys(work.stage.removed)) {
        expect(Object.keys(stage.reasons)).toContain(reason);
      }
      expect(stage.does).toMatch(/\.$/);
    });

    it("lets no score that is no number through", () => {
      const broken = { "item-01": NaN, "item-02": Infinity, "item-04": 0.5 };
      const full = richShop();
      const snapshot = richShop(
        {},
        {
          signals: {
            ...full.signals,
            "item-knn": neighbours({ "item-03": broken, "item-09": broken }),
          },
        },
      );
      const { slate } = rankIn(snapshot, { k: 60 }, { userState: RICH_USER });
      for (const each of slate) {
        expect(Number.isFinite(each.score)).toBe(true);
        for (const value of each.features) {
          expect(value === null || Number.isFinite(value)).toBe(true);
        }
      }
    });
  });
}
