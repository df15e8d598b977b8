import { createHash } from "node:crypto";
import {
  canonicalJson,
  encodeUtf8,
  type Json,
  type OfflineReport,
} from "@recsys/contracts";
import { ALGO_VERSION } from "@recsys/ranking";
import { evaluateCandidate } from "../evaluation/evaluate-candidate.ts";
import { jsonObject } from "../manifests/json-object.ts";
import { recipeOf } from "../recipe/recipe.ts";
import { remember, reusable } from "../runner/reuse.ts";
import type { Run } from "../runner/run.ts";
import type { Job, JobOutcome } from "./job.ts";

export const evaluate: Job = {
  name: "evaluate",
  description:
    "Learns by the run's recipe up to a recent moment, ranks the days after it through the served pipeline, and compares with the live manifest's recipe.",
  inputs: ["events", "items"],
  outputs: ["evaluation"],
  owner: "recommendations",
  objectiveHours: 48,
  run: async (run) => {
    const input = await inputOf(run);
    const known = await reusable(run, input);
    if (known !== null) {
      const report = await jsonObject<OfflineReport>(run.objects, known.hash);
      if (report !== null) {
        run.board.evaluation = { hash: known.hash, report };
        return { result: "reused", facts: factsOf(known.hash, report) };
      }
    }
    return evaluateAnew(run, input);
  },
};

async function evaluateAnew(run: Run, input: Json): Promise<JobOutcome> {
  const evaluated = await evaluateCandidate(run);
  if (evaluated.kind === "not-computable") {
    return { result: "nothing-to-do", facts: { because: evaluated.because } };
  }
  const { report } = evaluated;
  const bytes = encodeUtf8(canonicalJson(report));
  const hash = await run.objects.put(bytes);
  await remember(run, input, { hash, bytes: bytes.length });
  run.board.evaluation = { hash, report };
  return { result: "done", facts: factsOf(hash, report) };
}

/** All that a report depends on. The live report is no part of it: it only guards against data that broke, and these data have been judged. */
async function inputOf(run: Run): Promise<Json> {
  const history = await run.history();
  const items = await run.catalogue();
  const live = run.live.manifest?.content;
  const artifacts = [
    ...new Set([
      ...Object.keys(live?.artifacts ?? {}),
      ...run.board.artifacts.keys(),
    ]),
  ].sort();
  const recipe = recipeOf(run.parameters, run.live.config);
  const liveHash = live?.recipe.parameters_hash ?? null;
  const ownHash = createHash("sha256")
    .update(canonicalJson(recipe))
    .digest("hex");
  const document = {
    job: "evaluate",
    algo_version: ALGO_VERSION,
    code_version: run.codeVersion,
    history: history.hash,
    as_of: history.asOf,
    items: items.hash,
    artifacts,
    recipe,
    config: run.live.config,
    tenant_knobs: run.live.tenantKnobs,
    rules: run.live.rules,
    // The run's own recipe makes no second arm, whether or not it is live.
    live_recipe: liveHash === ownHash ? null : liveHash,
  };
  return JSON.parse(canonicalJson(document)) as Json;
}

function factsOf(hash: string, report: OfflineReport): JobOutcome["facts"] {
  return {
    report: hash,
    decision: report.decision?.decision ?? null,
    baseline: report.baseline,
    users: report.users.scored,
    metrics: Object.fromEntries(
      report.metrics.map(({ name, mean }) => [
        name,
        mean.kind === "number" ? mean.value : null,
      ]),
    ),
  };
}
