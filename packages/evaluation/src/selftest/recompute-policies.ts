import { balancedInterleave } from "../interleaving/balanced.ts";
import { summariseWins } from "../interleaving/summarise-wins.ts";
import { creditTeams, teamDraft } from "../interleaving/team-draft.ts";
import { diagnoseWeights } from "../off-policy/diagnose-weights.ts";
import { ESTIMATORS } from "../off-policy/index.ts";
import { weighRows } from "../off-policy/weighted-rows.ts";
import { fieldsOf, type Fields, type JsonObject } from "./fields.ts";
import { plain, plainInterval } from "./plain.ts";
import type { Recompute } from "./recompute.ts";

export const recomputeOffPolicy: Recompute = (input) => {
  const { objects, number } = fieldsOf(input);
  const rows = weighRows(
    objects("rows").map((row) => {
      const read = fieldsOf(row);
      return {
        action: read.number("action"),
        reward: read.number("reward"),
        propensity: read.number("pi_b"),
        target: read.numbers("pi_e"),
        ...(read.has("q") && { predicted: read.numbers("q") }),
      };
    }),
  );
  const settings = {
    alpha: number("alpha"),
    clipLambda: number("clip_lambda"),
    switchLambda: number("switch_lambda"),
    shrinkLambda: number("shrink_lambda"),
  };
  const estimates = ESTIMATORS.map(({ name, estimate }) => {
    const result = estimate(rows, settings);
    const error = plain(result.standardError);
    const shape = {
      value: plain(result.value),
      standard_error: error,
      // The files call it so where the delta method gives it.
      standard_error_delta: error,
      ...plainInterval(result.interval),
    };
    return [name, shape] as const;
  });
  const diagnostics = diagnoseWeights(rows.weight);
  return {
    ...Object.fromEntries(estimates),
    diagnostics: {
      mean_weight: plain(diagnostics.meanWeight),
      max_weight: plain(diagnostics.maxWeight),
      effective_sample_size: plain(diagnostics.effectiveSampleSize),
    },
  };
};

const INTERLEAVING: Readonly<Record<string, (fields: Fields) => JsonObject>> = {
  draft: (fields) => {
    const coins = fields.list("coins").map(Boolean);
    let thrown = 0;
    const coin = () => {
      const next = coins[thrown++];
      if (next === undefined) throw new Error("the coins ran out");
      return next;
    };
    const k = fields.number("k");
    const draft = teamDraft(fields.texts("a"), fields.texts("b"), { k, coin });
    return {
      list: draft.list,
      team: draft.team,
      coins_used: draft.coinsUsed,
    };
  },
  credit: (fields) => {
    const team = fields.texts("team").map((t) => (t === "A" ? "A" : "B"));
    const credit = creditTeams(
      { list: fields.texts("list"), team },
      fields.texts("clicks"),
    );
    return {
      credit_a: credit.creditA,
      credit_b: credit.creditB,
      winner: credit.winner,
    };
  },
  summary: ({ number }) => {
    const summary = summariseWins({
      winsA: number("wins_a"),
      winsB: number("wins_b"),
      ties: number("ties"),
    });
    return {
      wins_a: summary.winsA,
      wins_b: summary.winsB,
      ties: summary.ties,
      delta_ab: plain(summary.deltaAb),
      sign_test_p: summary.signTestP,
    };
  },
  balanced: (fields) => ({
    list: balancedInterleave(fields.texts("a"), fields.texts("b"), {
      k: fields.number("k"),
      aLeads: fields.list("coins")[0] === true,
    }),
  }),
};

export const recomputeInterleaving: Recompute = (input) => {
  const fields = fieldsOf(input);
  const kind = fields.text("kind");
  const compute = INTERLEAVING[kind];
  if (compute === undefined) {
    throw new Error(`unknown kind of interleaving: ${kind}`);
  }
  return compute(fields);
};
