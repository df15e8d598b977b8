import { seededRandom } from "@recsys/contracts";
import { openKernels, plainKernels } from "@recsys/kernels";
import { expect, test } from "vitest";
import { createFoldIn } from "./fold-in.ts";
import { principalAxes } from "./principal-axes.ts";

const d = 24;
const items = 200;
const terms = {
  alpha0: 0.02,
  regularisation: 0.3,
  frequencyPower: 0.5,
  foldPower: 0.5,
  typicalWeight: 1,
};
const random = seededRandom(7);
// Directions of falling length, as trained vectors have them.
const factors = Float32Array.from(
  { length: items * d },
  (_, i) => (random() - 0.5) / (1 + (i % d)),
);
const gram = plainKernels.gram(factors, d);
const turned = factors.slice();
plainKernels.turnRows(turned, principalAxes(gram, d).axes, d);

test("principal axes make the Gram matrix diagonal, largest first, and keep every product", () => {
  const after = plainKernels.gram(turned, d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) expect(after[i * d + j]).toBeCloseTo(0, 5);
    if (i === 0) continue;
    expect(after[i * d + i]).toBeLessThanOrEqual(
      after[(i - 1) * d + i - 1] ?? 0,
    );
  }
  const at = (values: Float32Array, item: number) => ({
    values,
    offset: item * d,
  });
  for (let item = 0; item < items; item++) {
    const before = plainKernels.dot(at(factors, 0), at(factors, item), d);
    const now = plainKernels.dot(at(turned, 0), at(turned, item), d);
    expect(now).toBeCloseTo(before, 6);
  }
});

test("a fold-in on the diagonal scores as Cholesky does, to 1e-6, for any length of history", () => {
  const exact = createFoldIn({ dimension: d, factors, gram, terms });
  const diagonal = plainKernels
    .gram(turned, d)
    .map((x, i) => (i % (d + 1) === 0 ? x : 0));
  const fast = createFoldIn({
    dimension: d,
    factors: turned,
    gram: diagonal,
    terms,
  });
  const onKernels = [plainKernels, openKernels().kernels].map((kernels) =>
    createFoldIn({
      dimension: d,
      factors: turned,
      gram: diagonal,
      terms,
      kernels,
    }),
  );
  for (const length of [1, 2, 3, 6, 20, d - 1, d, 60]) {
    const history = Int32Array.from({ length }, (_, i) => (i * 37) % items);
    const weights = Float32Array.from(history, () => 0.01 + 3 * random());
    const wanted = new Float32Array(items);
    const got = new Float32Array(items);
    plainKernels.scoreRows(factors, exact(history, weights), wanted);
    plainKernels.scoreRows(turned, fast(history, weights), got);
    for (const foldIn of onKernels) {
      const vector = foldIn(history, weights);
      fast(history, weights).forEach((x, j) => {
        expect(vector[j]).toBeCloseTo(x, 8);
      });
    }
    got.forEach((score, item) => {
      expect(Math.abs(score - (wanted[item] ?? 9))).toBeLessThan(1e-6);
    });
  }
});
