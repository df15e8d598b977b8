import { encodeArtifact, seededRandom } from "@recsys/contracts";
import { openKernels, plainKernels } from "@recsys/kernels";
import { expect, test } from "vitest";
import { AS_OF, checkerboard } from "./checkerboard.contract.ts";
import { createInteractions } from "./create-interactions.ts";
import { ials, learnIals } from "./ials.ts";

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

/** 300 people with 8 of 90 items, more of the first ones. */
function crowd(rotate: number) {
  const draw = seededRandom(4);
  const rows = Array.from({ length: 2400 }, (_, i) => ({
    user: `u${i % 300}`,
    item: `i${Math.floor(90 * draw() ** 2)}`,
  }));
  const turned = [...rows.slice(rotate), ...rows.slice(0, rotate)];
  return createInteractions({
    user: turned.map((row) => row.user),
    item: turned.map((row) => row.item),
    weight: turned.map(() => 1),
    ts: turned.map(() => 0),
  });
}

test("one thread and two, rows in one order and another: the same bytes", () => {
  const bytes = (threads: number, rotate: number) => {
    const { kernels, close } = openKernels({ threads });
    const parameters = { dimension: 12, sweeps: 3 };
    const own = { asOf: AS_OF, kernels };
    const model = ials.compute(crowd(rotate), parameters, own);
    close();
    return encodeArtifact(ials.pack(model, origin));
  };
  const wanted = bytes(1, 0);
  expect(bytes(2, 0)).toEqual(wanted);
  expect(bytes(1, 777)).toEqual(wanted);
  expect(bytes(2, 1234)).toEqual(wanted);
});

test("compiled kernels score as the plain ones do", () => {
  const scores = [plainKernels, openKernels().kernels].map((kernels) => {
    const own = { asOf: AS_OF, kernels };
    const model = ials.compute(crowd(0), { dimension: 12, sweeps: 5 }, own);
    const view = ials.view(ials.pack(model, origin), kernels);
    const into = new Float32Array(view.ids.length);
    const vector = view.foldIn(Int32Array.of(1, 5), Float32Array.of(1, 1));
    kernels.scoreRows(view.factors, vector, into);
    return into;
  });
  scores[0]?.forEach((score, i) => {
    expect(scores[1]?.[i]).toBeCloseTo(score, 4);
  });
});

test("a training that starts from a model goes on where it stood", () => {
  const data = crowd(0);
  const parameters = { dimension: 12, sweeps: 6 };
  const whole = learnIals(data, parameters, context);
  const start = learnIals(data, { ...parameters, sweeps: 3 }, context);
  const rest = learnIals(
    data,
    { ...parameters, sweeps: 3 },
    { ...context, start },
  );
  // The people's vectors are not kept, so it is not the very same path.
  const products = (model: typeof whole) =>
    Array.from({ length: 10 }, (_, i) => {
      const at = (item: number) => ({
        values: model.factors,
        offset: item * 12,
      });
      return plainKernels.dot(at(i), at(i + 1), 12);
    });
  products(rest).forEach((product, i) => {
    expect(product).toBeCloseTo(products(whole)[i] ?? NaN, 1);
  });
  expect(() =>
    learnIals(data, { dimension: 8 }, { ...context, start }),
  ).toThrow("vectors of 12 numbers cannot start a training of 8");
});

test("validation ends the training two sweeps after the best and keeps that one", () => {
  const data = crowd(0);
  const parameters = { dimension: 12, sweeps: 50 };
  const measured = [0.1, 0.3, 0.2, 0.3, 0.9];
  let calls = 0;
  const stopped = learnIals(data, parameters, {
    ...context,
    validation: { measure: () => measured[calls++] ?? 0, patience: 2 },
  });
  expect(calls).toBe(4);
  const two = learnIals(data, { ...parameters, sweeps: 2 }, context);
  expect(stopped.factors).toEqual(two.factors);
});
