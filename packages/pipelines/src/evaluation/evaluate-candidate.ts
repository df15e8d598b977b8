import {
  canonicalJson,
  DAY_MS,
  type OfflineReport,
  type SignalName,
} from "@recsys/contracts";
import type { EventColumns } from "../interactions/event-columns.ts";
import { evalOffline, type OfflineOptions } from "../offline/eval-offline.ts";
import type { OfflineArm } from "../offline/offline-arm.ts";
import { splitByTime } from "../offline/split.ts";
import { loadRecipe, recipeOf, type RecipeDocument } from "../recipe/recipe.ts";
import type { Run, Training } from "../runner/run.ts";
import { anonymous } from "./anonymous.ts";
import { liveReportCheck } from "./live-report-check.ts";

export type CandidateEvaluation =
  | { readonly kind: "report"; readonly report: OfflineReport }
  | { readonly kind: "not-computable"; readonly because: string };

/**
 * Judges the run's recipe on the last days of its own data: both recipes, the
 * run's and the live manifest's, learn from what came before and rank the same
 * users. Recipes are compared, not stored artifacts: those have seen the days
 * that are asked about.
 */
export async function evaluateCandidate(
  run: Run,
): Promise<CandidateEvaluation> {
  const training = await run.training();
  const { test_days: testDays, thresholds } = run.parameters.evaluation;
  const at = training.asOf - testDays * DAY_MS;
  const { train, test } = splitByTime(
    anonymous(training),
    at,
    training.asOf + 1,
  );
  const wanted = new Set(test.user.codes).size;
  if (train.rowCount === 0 || wanted < thresholds.min_users) {
    return {
      kind: "not-computable",
      because: `${train.rowCount} events before and ${wanted} users in the last ${testDays} days; ${thresholds.min_users} users are needed`,
    };
  }
  const outcome = await evalOffline(
    await offlineOptions(run, { training, train, test, at }),
  );
  if (outcome.kind === "too-few-users") {
    return {
      kind: "not-computable",
      because: `${outcome.users} users chose something new in the last ${testDays} days; ${thresholds.min_users} are needed`,
    };
  }
  return { kind: "report", report: await liveReportCheck(run, outcome.report) };
}

async function offlineOptions(
  run: Run,
  split: {
    readonly training: Training;
    readonly train: EventColumns;
    readonly test: EventColumns;
    readonly at: number;
  },
): Promise<OfflineOptions> {
  const { evaluation } = run.parameters;
  const { items } = await run.catalogue();
  const candidate = armOf(run, recipeOf(run.parameters, run.live.config));
  return {
    title: `${run.tenant}/${run.namespace}: candidate against live`,
    train: split.train,
    test: split.test,
    items,
    candidate: { ...candidate, label: "candidate" },
    baseline: await liveArm(run),
    thresholds: evaluation.thresholds,
    surface: surfaceOf(run),
    k: evaluation.k,
    metrics: evaluation.metrics,
    bootstrap: {
      resamples: evaluation.resamples,
      seed: evaluation.seed,
      confidence: 0.95,
    },
    wanted: "new-items",
    users: "known",
    asOf: split.at,
    createdAt: split.training.asOf,
    isTimeSplit: true,
    minUsers: evaluation.thresholds.min_users,
    maxUsers: evaluation.max_users,
    facts: { code_version: run.codeVersion, interactions: split.training.hash },
    learner: run.learner,
    onProgress: (_step, fraction) => {
      run.progress(fraction);
    },
  };
}

/** The live recipe, null when nothing is live, it is the same as the run's, or it is gone. */
async function liveArm(run: Run): Promise<OfflineArm | null> {
  const live = run.live.manifest?.content;
  if (live === undefined) return null;
  const recipe = await loadRecipe(run.objects, live.recipe.parameters_hash);
  if (recipe === null) return null;
  const own = recipeOf(run.parameters, run.live.config);
  const learned = Object.keys(live.artifacts).sort().join();
  const isSame =
    canonicalJson(recipe) === canonicalJson(own) &&
    learned === signalsOf(run).join();
  if (isSame) return null;
  const signals = Object.keys(live.artifacts) as SignalName[];
  return { ...armOf(run, recipe), label: "live", signals };
}

function armOf(run: Run, recipe: RecipeDocument): OfflineArm {
  return {
    label: "candidate",
    config: { ...run.live.config, event_types: recipe.event_types },
    tenantKnobs: run.live.tenantKnobs,
    rules: run.live.rules,
    parameters: recipe.parameters,
    signals: signalsOf(run),
    knobs: {},
  };
}

/** What the next manifest will hold: this run's signals and those carried over. */
function signalsOf(run: Run): SignalName[] {
  const carried = Object.keys(run.live.manifest?.content.artifacts ?? {});
  return [
    ...new Set([...carried, ...run.board.artifacts.keys()]),
  ].sort() as SignalName[];
}

/** The surface named by the parameters, else the first that there is. */
function surfaceOf(run: Run): string {
  const { surface } = run.parameters.evaluation;
  const { surfaces } = run.live.config;
  return Object.hasOwn(surfaces, surface)
    ? surface
    : (Object.keys(surfaces).sort()[0] ?? surface);
}
