import { seededRandom } from "@recsys/contracts";
import { normalQuantile } from "../src/special/normal.ts";

/** A stream of draws for tests of statistics, the same for the same seed. */
export function drawsOf(seed: number) {
  const random = seededRandom(seed);
  const uniform = () => (Math.floor(random() * 2 ** 31) + 0.5) / 2 ** 31;
  const normal = (mean = 0, sd = 1) => mean + sd * normalQuantile(uniform());
  const normals = (n: number, mean = 0, sd = 1) =>
    Array.from({ length: n }, () => normal(mean, sd));
  return { uniform, normal, normals };
}

/** Share of `runs` in which the event happened. */
export function shareOf(runs: number, event: (run: number) => boolean): number {
  let count = 0;
  for (let run = 0; run < runs; run++) if (event(run)) count++;
  return count / runs;
}
