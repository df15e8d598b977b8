/** One logged choice: what was shown, what came of it, what both policies thought. */
export interface LoggedChoice {
  /** Position of the shown action in the arrays below. */
  readonly action: number;
  readonly reward: number;
  /** Probability with which the logging policy showed this action; > 0. */
  readonly propensity: number;
  /** Probability of each action under the policy to be judged. */
  readonly target: readonly number[];
  /** Predicted reward of each action; only model-based estimators look at it. */
  readonly predicted?: readonly number[];
}

/** All that the estimators need of a log: four numbers per row. A database can compute them. */
export interface WeightedRows {
  /** target(action) / propensity. */
  readonly weight: Float64Array;
  readonly reward: Float64Array;
  /** Predicted reward of the shown action and the mean prediction under the target policy; null without a model. */
  readonly model: {
    readonly shown: Float64Array;
    readonly direct: Float64Array;
  } | null;
}

/** Throws for a propensity or an action that cannot be: such a log is broken. */
export function weighRows(rows: readonly LoggedChoice[]): WeightedRows {
  const n = rows.length;
  const weight = new Float64Array(n);
  const reward = new Float64Array(n);
  const shown = new Float64Array(n);
  const direct = new Float64Array(n);
  let modelled = n > 0;
  for (const [i, row] of rows.entries()) {
    weight[i] = weightOf(row, i);
    reward[i] = row.reward;
    if (row.predicted === undefined) modelled = false;
    else {
      shown[i] = row.predicted[row.action] ?? NaN;
      direct[i] = dot(row.target, row.predicted);
    }
  }
  return { weight, reward, model: modelled ? { shown, direct } : null };
}

function weightOf(row: LoggedChoice, i: number): number {
  const target = row.target[row.action];
  if (target === undefined)
    throw new Error(`row ${i}: no action ${row.action}`);
  if (!(row.propensity > 0 && row.propensity <= 1)) {
    throw new Error(
      `row ${i}: a shown action has propensity ${row.propensity}`,
    );
  }
  return target / row.propensity;
}

function dot(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) {
    throw new Error(`${a.length} probabilities, ${b.length} predictions`);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? NaN) * (b[i] ?? NaN);
  return sum;
}
