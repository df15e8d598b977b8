import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { needs, sharedFolder } from "../../../../tests/support/needs.ts";
import { valueOf } from "../computed.ts";
import { diagnoseWeights } from "./diagnose-weights.ts";
import { ESTIMATORS } from "./index.ts";
import { weighRows } from "./weighted-rows.ts";

const ITEMS = 46;
const POSITIONS = [1, 2, 3];

interface Cell {
  readonly position: number;
  readonly item: number;
  shown: number;
  clicks: number;
  target: number;
  targetClicks: number;
}

/** The counts that ship with this test. */
function readCounts(): Cell[] {
  const file = join(
    import.meta.dirname,
    "../../test/open-bandit/women-counts.csv",
  );
  const [, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [position = 0, item = 0, shown = 0, clicks = 0, target = 0, own = 0] =
      line.split(",").map(Number);
    return { position, item, shown, clicks, target, targetClicks: own };
  });
}

/** The same counts from the published rows. */
function countRows(folder: string): Cell[] {
  const cells = POSITIONS.flatMap((position) =>
    Array.from({ length: ITEMS }, (_, item): Cell => {
      return {
        position,
        item,
        shown: 0,
        clicks: 0,
        target: 0,
        targetClicks: 0,
      };
    }),
  );
  const cellOf = (line: string) => {
    const [, item, position, click] = line.split(",").map(Number);
    const cell = cells[((position ?? 0) - 1) * ITEMS + (item ?? 0)];
    if (cell === undefined) throw new Error(`no cell for ${line.slice(0, 60)}`);
    return { cell, click: click ?? 0 };
  };
  for (const line of rowsOf(join(folder, "random_women.csv.gz"))) {
    const { cell, click } = cellOf(line);
    cell.shown++;
    cell.clicks += click;
  }
  for (const line of rowsOf(join(folder, "bts_women.csv.gz"))) {
    const { cell, click } = cellOf(line);
    cell.target++;
    cell.targetClicks += click;
  }
  return cells;
}

function rowsOf(path: string): string[] {
  return gunzipSync(readFileSync(path))
    .toString("utf8")
    .trim()
    .split("\n")
    .slice(1);
}

/** One row per impression of the random log, as the published reference defines policy and model. */
function loggedRows(cells: readonly Cell[]) {
  const sum = (of: (cell: Cell) => number, among = cells) =>
    among.reduce((total, cell) => total + of(cell), 0);
  const ctr = sum((cell) => cell.clicks) / sum((cell) => cell.shown);
  const at = (position: number) =>
    cells.filter((cell) => cell.position === position);
  const policies = new Map(
    POSITIONS.map((position) => {
      const own = at(position);
      const total = sum((cell) => cell.target, own);
      const target = own.map((cell) =>
        Number((cell.target / total).toFixed(6)),
      );
      const predicted = own.map((cell) =>
        Number(((cell.clicks + 50 * ctr) / (cell.shown + 50)).toFixed(8)),
      );
      return [position, { target, predicted }] as const;
    }),
  );
  return cells.flatMap(({ position, item, shown, clicks }) => {
    const { target = [], predicted = [] } = policies.get(position) ?? {};
    return Array.from({ length: shown }, (_, i) => ({
      action: item,
      reward: i < clicks ? 1 : 0,
      propensity: 1 / ITEMS,
      target,
      predicted,
    }));
  });
}

const settings = {
  alpha: 0.05,
  clipLambda: 5,
  switchLambda: 5,
  shrinkLambda: 1,
};

describe("the click rate of Bernoulli Thompson sampling from the random log", () => {
  const rows = weighRows(loggedRows(readCounts()));

  test.each([
    ["ips", 0.005806, 0.001205],
    ["ips_clipped", 0.005806, 0.001205],
    ["snips", 0.005833, 0.001209],
    ["dm", 0.005358, 0.000004],
    ["dr", 0.005881, 0.001197],
    ["switch_dr", 0.006197, 0.001197],
  ])("%s is %d ± %d", (name, value, error) => {
    const result = ESTIMATORS.find((one) => one.name === name)?.estimate(
      rows,
      settings,
    );
    expect(result?.value).toMatchObject({ kind: "number" });
    if (result?.value.kind !== "number") return;
    if (result.standardError.kind !== "number") return;
    expect(Number(result.value.value.toFixed(6))).toBe(value);
    expect(Number(result.standardError.value.toFixed(6))).toBe(error);
  });

  test("every unbiased interval holds what that policy earned when it ran: 46 of 10,000", () => {
    for (const { unbiased, estimate } of ESTIMATORS) {
      const { cautiousInterval: own } = estimate(rows, settings);
      if (!unbiased) continue;
      expect(own.kind).toBe("interval");
      if (own.kind !== "interval") continue;
      expect(own.low).toBeLessThan(0.0046);
      expect(own.high).toBeGreaterThan(0.0046);
    }
  });

  test("has 3,492 effective rows of 10,000 and a mean weight of 0.9953", () => {
    const weights = diagnoseWeights(rows.weight);
    expect(valueOf(weights.effectiveSampleSize).toFixed(1)).toBe("3492.0");
    expect(weights.meanWeight).toMatchObject({ kind: "number" });
    if (weights.meanWeight.kind !== "number") return;
    expect(weights.meanWeight.value.toFixed(4)).toBe("0.9953");
    expect(weights.maxWeight).toMatchObject({ kind: "number" });
  });
});

needs("shared").test(
  "the published rows give the counts that ship here",
  () => {
    const folder = [".", "data"]
      .map((part) => join(sharedFolder(), part, "open-bandit"))
      .find((path) => existsSync(path));
    expect(countRows(folder ?? "")).toEqual(readCounts());
    return Promise.resolve();
  },
);
