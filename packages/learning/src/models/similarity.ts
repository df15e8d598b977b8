import type { Interactions } from "../interactions.ts";
import {
  resolveParameters,
  type ParameterDefinition,
  type ParameterDefinitions,
  type ParametersOf,
} from "../parameters.ts";
import {
  HISTORY_LIMIT,
  historiesOf,
  itemTerms,
  withVotes,
  type Histories,
} from "./histories.ts";
import { byVoter, fittedRows, type FitContext, type Fitted } from "./model.ts";

/** What every model of pairs of items has. */
export const PAIR_PARAMETERS = {
  neighbours: {
    default: 200,
    minimum: 1,
    maximum: 100000,
    integer: true,
    unit: "items",
    description: "Items that vote for each item: its nearest.",
  },
  ...HISTORY_LIMIT,
} as const;

type PairParameters = Readonly<
  Record<keyof typeof PAIR_PARAMETERS, ParameterDefinition>
>;

export const SHRINK = {
  default: 10,
  minimum: 0,
  maximum: 10000,
  unit: "people",
  description: "Added to the denominator: pairs with little evidence sink.",
} as const;

/** One formula for the vote of item j for item i; see `PairSearch` of the contracts. */
export interface PairFormula {
  /** Of each person, in what i and j share; by the person's number of items. */
  readonly vote?: (items: number) => number;
  readonly target: (people: number) => readonly [number, number, number];
  readonly voter: (people: number) => readonly [number, number, number];
  readonly overlap?: number;
  readonly shrink?: number;
  /** Applied to the votes that are kept. */
  readonly power?: number;
}

/**
 * For each item the `neighbours` that vote for it most, ties by id. Cut by the
 * item that is voted for, so that rare items stay reachable.
 */
export function fitPairs<D extends ParameterDefinitions & PairParameters>(
  model: {
    readonly parameters: D;
    readonly formula: (
      parameters: ParametersOf<D>,
      histories: Histories,
    ) => PairFormula;
  },
  call: {
    readonly interactions: Interactions;
    readonly overrides: Readonly<Record<string, number>>;
    readonly context: FitContext;
  },
): Fitted {
  const { kernels, onProgress } = call.context;
  const resolved = resolveParameters(model.parameters, call.overrides);
  const histories = historiesOf(call.interactions, resolved.max_items_per_user);
  const { ids, people, items, itemsOf, peopleOf } = histories;
  const formula = model.formula(resolved, histories);
  const { vote } = formula;
  onProgress?.(0.1);
  const nearest = kernels.bestPairs({
    left: vote === undefined ? items : withVotes(items, itemsOf.map(vote)),
    right: people,
    columnCount: ids.length,
    k: Math.min(resolved.neighbours, ids.length),
    rowTerms: itemTerms(peopleOf, formula.target),
    columnTerms: itemTerms(peopleOf, formula.voter),
    overlap: formula.overlap ?? 0,
    shrink: formula.shrink ?? 0,
    skipDiagonal: true,
  });
  const { power = 1 } = formula;
  const scores =
    power === 1 ? nearest.scores : nearest.scores.map((x) => x ** power);
  onProgress?.(1);
  return fittedRows(ids, resolved, byVoter({ ...nearest, scores }));
}
