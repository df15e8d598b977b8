/**
 * What the statistics promise, measured: coverage of intervals and rates of
 * false positives over 2,000 simulated runs with their limits, sensitivity of
 * interleaving beside an A/B test, and speed next to scipy, scikit-learn and obp: `npm run bench statistics [seed]`. The peers
 * are those of the Python that PYTHON names (python3); absent ones are named.
 */
import { cpus } from "node:os";
import { compareSensitivity } from "./statistics/sensitivity.ts";
import { drawsOf, SIMULATIONS } from "./statistics/simulations.ts";
import { compareSpeed } from "./statistics/speed.ts";

const seed = Number(process.argv[2] ?? 20261121);
console.log(`${cpus()[0]?.model ?? "unknown processor"}, seed ${seed}`);

let failed = 0;
for (const [i, { name, accept, runs, event }] of SIMULATIONS.entries()) {
  const draws = drawsOf(seed + i);
  let count = 0;
  for (let run = 0; run < runs; run++) if (event(draws)) count++;
  const share = count / runs;
  const kept = share >= accept[0] && share <= accept[1];
  if (!kept) failed++;
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
  console.log(
    `${kept ? "✓" : "✗"} ${name.padEnd(55)} ${percent(share).padStart(8)}   limit ${percent(accept[0])} to ${percent(accept[1])}, ${runs} runs`,
  );
}

compareSensitivity(seed);
compareSpeed(process.env["PYTHON"] ?? "python3");
console.log(`${SIMULATIONS.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
