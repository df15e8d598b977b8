import { openKernels, plainKernels, type OpenKernels } from "@recsys/kernels";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AS_OF,
  checkerboard,
  missingItem,
  SIZE,
} from "../checkerboard.contract.ts";
import {
  createInteractions,
  type InteractionColumns,
} from "../create-interactions.ts";
import { reversed, shuffled, worlds } from "../worlds.contract.ts";
import type { Fitted, Model } from "./model.ts";

const engines = [1, 2].map((threads) => openKernels({ threads }));

/** Small enough for the board; everything else stays as it ships. */
const SMALL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ease: { regularisation: 1 },
  "ease-sparse": { regularisation: 1 },
};

function fit(model: Model, columns: InteractionColumns, engine?: OpenKernels) {
  const { kernels } = engine ?? { kernels: plainKernels };
  const interactions = createInteractions(columns);
  return model.fit(interactions, SMALL[model.name] ?? {}, { kernels });
}

/** All tensors as one list, for comparing bit for bit. */
function bits({ ids, tensors }: Fitted): unknown {
  return { ids, tensors };
}

function scoresOf(fitted: Fitted, had: readonly number[]): Float32Array {
  const into = new Float32Array(fitted.ids.length);
  const items = Int32Array.from(had);
  fitted.score({ items, weights: new Float32Array(had.length).fill(1) }, into);
  return into;
}

/** What every registered model must hold. */
export function describeModel(model: Model): void {
  describe(model.name, () => {
    test("finds the missing item of the colour before any of the other", () => {
      for (const engine of [undefined, ...engines]) {
        const fitted = fit(model, checkerboard(), engine);
        for (let user = 0; user < SIZE; user++) {
          const had = Array.from({ length: SIZE }, (_, i) => i).filter(
            (i) => i % 2 === user % 2 && i !== missingItem(user),
          );
          const scores = scoresOf(fitted, had);
          const answer = scores[missingItem(user)] ?? 0;
          expect(answer).toBeGreaterThan(0);
          scores.forEach((score, item) => {
            if (item % 2 !== user % 2) expect(score).toBeLessThan(answer / 2);
          });
        }
      }
    });

    test("rows in any order, other labels for users and any number of threads give the same bits", () => {
      fc.assert(
        fc.property(worlds(), fc.infiniteStream(fc.nat()), (world, draws) => {
          const { columns } = world;
          const user = columns.user.map((id) => reversed(`x-${id}`));
          const wanted = bits(fit(model, columns, engines[0]));
          const turned = shuffled(world, draws).columns;
          expect(bits(fit(model, turned, engines[0]))).toEqual(wanted);
          expect(bits(fit(model, { ...columns, user }, engines[0]))).toEqual(
            wanted,
          );
          expect(bits(fit(model, columns, engines[1]))).toEqual(wanted);
        }),
        { numRuns: 25 },
      );
    });

    test("scores are finite and agree with those of the plain kernels", () => {
      fc.assert(
        fc.property(worlds(), ({ columns }) => {
          const plain = fit(model, columns);
          const compiled = fit(model, columns, engines[0]);
          plain.ids.forEach((_, item) => {
            const wanted = scoresOf(plain, [item]);
            scoresOf(compiled, [item]).forEach((score, i) => {
              expect(Number.isFinite(score)).toBe(true);
              expect(score).toBeCloseTo(wanted[i] ?? NaN, 4);
            });
          });
        }),
        { numRuns: 25 },
      );
    });

    test("nothing, one user, one item and unknown positions score nothing", () => {
      const empty = { user: [], item: [], weight: [], ts: [] };
      expect(fit(model, empty).ids).toEqual([]);
      const one = { user: ["u"], item: ["i"], weight: [1], ts: [AS_OF] };
      const fitted = fit(model, one);
      expect(fitted.ids).toEqual(["i"]);
      expect([...scoresOf(fitted, [])]).toEqual([0]);
      expect([...scoresOf(fitted, [-1, 7])]).toEqual([0]);
    });

    test("a row given twice counts once, a weight that is not a number is refused", () => {
      const board = checkerboard();
      const twice = {
        user: [...board.user, ...board.user],
        item: [...board.item, ...board.item],
        weight: [...board.weight, ...board.weight],
        ts: [...board.ts, ...board.ts],
      };
      expect(bits(fit(model, twice))).toEqual(bits(fit(model, board)));
      const weight = board.weight.map((w, i) => (i === 3 ? NaN : w));
      expect(() => fit(model, { ...board, weight })).toThrow("weight");
    });

    test("an unknown parameter and one out of range are errors, progress ends with 1", () => {
      const interactions = createInteractions(checkerboard());
      const run = (parameters: Record<string, number>) => () =>
        model.fit(interactions, parameters, { kernels: plainKernels });
      expect(run({ magic: 1 })).toThrow("magic is not a parameter");
      for (const [name, { maximum }] of Object.entries(model.parameters)) {
        expect(run({ [name]: maximum + 1 })).toThrow(name);
        expect(run({ [name]: NaN })).toThrow(name);
      }
      const seen: number[] = [];
      const onProgress = (fraction: number) => seen.push(fraction);
      model.fit(interactions, {}, { kernels: plainKernels, onProgress });
      expect(seen.at(-1)).toBe(1);
    });
  });
}
