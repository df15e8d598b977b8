import { plainKernels } from "@recsys/kernels";
import { expect, test } from "vitest";
import { AS_OF, checkerboard } from "./checkerboard.contract.ts";
import { createInteractions } from "./create-interactions.ts";
import { ials } from "./ials.ts";

const context = { asOf: AS_OF, kernels: plainKernels };
const origin = {
  as_of: AS_OF,
  window: { from: 0, to: AS_OF },
  sources: [],
  code_version: "test",
};

function learn(parameters: Record<string, number>) {
  const board = createInteractions(checkerboard());
  const model = ials.compute(board, { dimension: 6, ...parameters }, context);
  return { model, view: ials.view(ials.pack(model, origin)) };
}

test("fold-in solves the normal equations of the user exactly", () => {
  const { model, view } = learn({ fold_power: 0.5 });
  const items = Int32Array.of(0, 4, 6);
  const weights = Float32Array.of(1, 4, 2);
  const vector = view.foldIn(items, weights);
  const { dimension: d, factors, gram, terms } = model;
  const penalty =
    terms.regularisation * (3 + terms.alpha0 * 12) ** terms.frequencyPower;
  const a = Float64Array.from(gram, (g) => terms.alpha0 * g);
  const b = new Float64Array(d);
  for (let i = 0; i < d; i++) a[i * d + i] = (a[i * d + i] ?? 0) + penalty;
  items.forEach((item, n) => {
    const confidence = Math.sqrt(weights[n] ?? 0);
    for (let i = 0; i < d; i++) {
      const qi = factors[item * d + i] ?? 0;
      b[i] = (b[i] ?? 0) + confidence * qi;
      for (let j = 0; j < d; j++) {
        const qj = factors[item * d + j] ?? 0;
        a[i * d + j] = (a[i * d + j] ?? 0) + confidence * qi * qj;
      }
    }
  });
  const exact = plainKernels.solveSpd(a, b);
  vector.forEach((value, i) => {
    expect(value).toBeCloseTo(exact[i] ?? 9, 6);
  });
});

test("conjugate gradient arrives where Cholesky is", () => {
  const few = learn({ sweeps: 30, steps: 3 }).view;
  const many = learn({ sweeps: 30, steps: 50 }).view;
  const history = [Int32Array.of(0, 4), Float32Array.of(1, 1)] as const;
  const score = (view: typeof few) => {
    const into = new Float32Array(12);
    plainKernels.scoreRows(view.factors, view.foldIn(...history), into);
    return into;
  };
  score(few).forEach((value, i) => {
    expect(value).toBeCloseTo(score(many)[i] ?? 9, 2);
  });
});

test("one more event changes the vector, the order of the history does not", () => {
  const { view } = learn({});
  const two = view.foldIn(Int32Array.of(0, 4), Float32Array.of(1, 1));
  const turned = view.foldIn(Int32Array.of(4, 0), Float32Array.of(1, 1));
  const three = view.foldIn(Int32Array.of(0, 4, 1), Float32Array.of(1, 1, 1));
  expect(turned).toEqual(two);
  expect(three).not.toEqual(two);
});

test("an item given twice counts with its summed weight; unknown items and weights below zero do not count", () => {
  const { view } = learn({ fold_power: 1 });
  const once = view.foldIn(Int32Array.of(3), Float32Array.of(2));
  const twice = view.foldIn(Int32Array.of(3, 3), Float32Array.of(1, 1));
  const noise = view.foldIn(
    Int32Array.of(3, -1, 99, 5),
    Float32Array.of(2, 1, 1, -4),
  );
  expect(twice).toEqual(once);
  expect(noise).toEqual(once);
});

test("the weight of what did not happen follows the density unless it is given", () => {
  // 60 of 144 cells happened: 20 * 60 / 144.
  expect(learn({}).model.terms.alpha0).toBe((20 * 60) / 144);
  expect(learn({ alpha0: 0.3 }).model.terms.alpha0).toBe(0.3);
});

test("confidence is relative to a typical pair", () => {
  const rows = {
    user: ["u", "u", "v"],
    item: ["a", "b", "a"],
    ts: [0, 0, 0],
  };
  const small = createInteractions({ ...rows, weight: [1, 2, 1] });
  const large = createInteractions({ ...rows, weight: [8, 16, 8] });
  const power = { weight_power: 1, dimension: 2 };
  expect(ials.compute(small, power, context).factors).toEqual(
    ials.compute(large, power, context).factors,
  );
});
