/**
 * How good the learned signals are, against the published baselines:
 * `npm run bench learning-quality [folder] [set...]` with the folder that
 * holds `data/`, else RECSYS_SHARED, else ../shared; sets are ml-100k,
 * online-retail, validation (a part of online-retail's training, for
 * choices) and gowalla. Metrics as in vectors/README.md of that folder.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MODELS, SIGNALS } from "@recsys/learning";
import {
  blend,
  evaluate,
  fit,
  learn,
  NEIGHBOUR_SIGNALS,
  type Learned,
  type Scorer,
} from "./learning/score.ts";
import {
  readGowalla,
  readMovieLens,
  readOnlineRetail,
  readRetailValidation,
  type Split,
} from "./learning/splits.ts";

/**
 * Half-lives of a history in days, as ranking's default knobs have them:
 * events fade by 60, neighbours take the root of that, a fold-in takes the
 * root itself.
 */
const ANCHOR_DAYS = 120;
const FOLD_IN_DAYS = 60;

/** Chosen on validation parts of the training sets of online-retail and ml-100k together. */
const BLEND = {
  "item-knn": 1,
  ials: 1.2,
  "co-visits": 0.1,
  "bought-together": 0.1,
  popularity: 0.05,
} satisfies Readonly<Record<string, number>>;

function report(name: string, split: Split, scorer: Scorer): void {
  const { ndcg, recall, users } = evaluate(split, scorer);
  const figures = `NDCG@20 ${ndcg.toFixed(4)}  Recall@20 ${recall.toFixed(4)}`;
  console.log(
    `${split.name.padEnd(25)} ${name.padEnd(42)} ${figures}  ${users} users`,
  );
}

function reportLearned(name: string, split: Split, learned: Learned): void {
  const { seconds, megabytes } = learned;
  const cost = `${seconds.toFixed(1)} s, ${megabytes.toFixed(1)} MB`;
  report(`${name} (${cost})`, split, learned.scorer);
}

/** Each signal and the blend with the parameters that ship. */
function reportDefaults(split: Split): void {
  const popularity = learn(SIGNALS.popularity, split);
  const ials = learn(SIGNALS.ials, split, { historyDays: FOLD_IN_DAYS });
  reportLearned("popularity", split, popularity);
  reportLearned("ials", split, ials);
  const parts: { scorer: Scorer; weight: number }[] = [
    { scorer: popularity.scorer, weight: BLEND.popularity },
    { scorer: ials.scorer, weight: BLEND.ials },
  ];
  for (const signal of NEIGHBOUR_SIGNALS) {
    const historyDays = ANCHOR_DAYS;
    const name = signal.name;
    const learned = learn(signal, split, { historyDays });
    reportLearned(name, split, learned);
    parts.push({ scorer: learned.scorer, weight: BLEND[name] });
  }
  report("blend of all", split, blend(parts));
  report("blend of item-knn and ials", split, blend(parts.slice(1, 3)));
}

/** Each model that is not served yet, with the parameters that ship. */
function reportModels(split: Split): void {
  for (const model of MODELS) {
    if (model.name === "ease" && split.train.items.length > 10_000) continue;
    reportLearned(model.name, split, fit(model, split));
  }
}

/** The parameters of the published baselines, to show that the models are the models. */
function reportBaselines(split: Split, neighbours: number, shrink = 0): void {
  const plain = {
    neighbours,
    shrink,
    user_power: 0,
    voter_share: 0.5,
    chance_share: 0,
    row_limit: 100000,
  };
  const knn = learn(SIGNALS["item-knn"], split, { parameters: plain });
  reportLearned(`baseline item-knn ${neighbours}, ${shrink}`, split, knn);
}

const SETS: Readonly<Record<string, (folder: string) => void>> = {
  "ml-100k": (folder) => {
    const split = readMovieLens(folder);
    reportBaselines(split, 200);
    const parameters = {
      dimension: 32,
      sweeps: 10,
      alpha0: 0.3,
      regularisation: 0.01,
      frequency_power: 1,
    };
    const baseline = learn(SIGNALS.ials, split, { parameters });
    reportLearned("baseline ials 32, 0.01, 0.3", split, baseline);
    reportModels(split);
    reportDefaults(split);
  },
  "online-retail": (folder) => {
    const split = readOnlineRetail(folder);
    reportBaselines(split, 100);
    reportDefaults(split);
  },
  validation: (folder) => {
    const split = readRetailValidation(folder);
    reportModels(split);
    reportDefaults(split);
  },
  gowalla: (folder) => {
    const split = readGowalla(folder);
    const popularity = learn(SIGNALS.popularity, split);
    reportLearned("popularity", split, popularity);
    reportBaselines(split, 100, 20);
    reportLearned("item-knn", split, learn(SIGNALS["item-knn"], split));
    reportLearned("ials", split, learn(SIGNALS.ials, split));
    reportModels(split);
  },
};

function main(): void {
  const [first, ...rest] = process.argv.slice(2);
  const isFolder = first !== undefined && !(first in SETS);
  const shared = process.env["RECSYS_SHARED"] ?? "../shared";
  const folder = join(isFolder ? first : shared, "data");
  if (!existsSync(folder)) {
    console.log(`skipped: learning-quality, needs ${folder}; give the folder`);
    return;
  }
  const given = isFolder || first === undefined ? rest : [first, ...rest];
  for (const name of given.length > 0 ? given : Object.keys(SETS)) {
    const run = SETS[name];
    if (run === undefined) throw new Error(`no set ${name}`);
    run(folder);
  }
}

main();
