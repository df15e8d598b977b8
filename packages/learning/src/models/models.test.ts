import { plainKernels } from "@recsys/kernels";
import { expect, test } from "vitest";
import { createInteractions } from "../create-interactions.ts";
import { ease } from "./ease.ts";
import { graphFilter } from "./graph-filter.ts";
import { MODELS } from "./index.ts";
import { itemCosine } from "./item-cosine.ts";
import { itemJaccard } from "./item-jaccard.ts";
import { itemLift } from "./item-lift.ts";
import { describeModel } from "./model.contract.ts";
import type { Model } from "./model.ts";
import { rp3Beta } from "./rp3-beta.ts";
import { userKnn } from "./user-knn.ts";

MODELS.forEach(describeModel);

// u has a, b; v has a, b, c; w has c.
const three = createInteractions({
  user: ["u", "u", "v", "v", "v", "w"],
  item: ["a", "b", "a", "b", "c", "c"],
  weight: [1, 1, 1, 1, 1, 1],
  ts: [1, 1, 1, 1, 1, 1],
});

/** Scores of a, b, c for someone who had b. */
function afterB(model: Model, parameters: Record<string, number>): number[] {
  const fitted = model.fit(three, parameters, { kernels: plainKernels });
  const into = new Float32Array(3);
  const history = { items: Int32Array.of(1), weights: Float32Array.of(1) };
  fitted.score(history, into);
  return [...into];
}

const WORKED: readonly [Model, Record<string, number>, number[]][] = [
  [itemCosine, { shrink: 0 }, [1, 0, 0.5]],
  [itemJaccard, { shrink: 1 }, [2 / 3, 0, 0.25]],
  // 2 / (2·2/3 + 2/3) and 1 / (2·2/3 + 2/3).
  [itemLift, { shrink: 2 / 3, power: 1 }, [1, 0, 0.5]],
  // From b with 1/2 to u (2 items) or v (3): a by both, c by v.
  [rp3Beta, { beta: 0 }, [(1 / 2 + 1 / 3) / 2, 0, 1 / 6]],
  [
    graphFilter,
    { person_power: 0.5, item_power: 0.5, power: 1 },
    [(1 / 2 + 1 / 3) / 2, 0, 1 / 6],
  ],
  // u: 1/√2, v: 1/√3.
  [
    userKnn,
    { shrink: 0, item_power: 0 },
    [
      Math.SQRT1_2 + 1 / Math.sqrt(3),
      Math.SQRT1_2 + 1 / Math.sqrt(3),
      1 / Math.sqrt(3),
    ],
  ],
  // G + I = [[3,2,1],[2,3,1],[1,1,3]], determinant 13, inverse [[8,-5,-1],…,[…,5]]/13.
  [ease, { regularisation: 1 }, [5 / 8, 0, 1 / 5]],
];

test.each(WORKED)("$name gives the numbers worked out by hand", (...row) => {
  const [model, parameters, wanted] = row;
  afterB(model, parameters).forEach((score, i) => {
    expect(score).toBeCloseTo(wanted[i] ?? NaN, 6);
  });
});

test("ease names the sparse form where there are too many items", () => {
  const items = Array.from({ length: 10_001 }, (_, i) => `i${i}`);
  const many = createInteractions({
    user: items.map(() => "u"),
    item: items,
    weight: items.map(() => 1),
    ts: items.map(() => 0),
  });
  expect(() => ease.fit(many, {}, { kernels: plainKernels })).toThrow(
    "ease takes up to 10000 items and there are 10001: ease-sparse takes more",
  );
});
