/** What turns a history into a system of equations; stored with the factors. */
export interface FoldInTerms {
  readonly alpha0: number;
  readonly regularisation: number;
  readonly frequencyPower: number;
  /** Power of the weights of a history; training may use another. */
  readonly foldPower: number;
  /** Median summed weight of a pair in training; weights count relative to it. */
  readonly typicalWeight: number;
}

/** Confidence of a pair: (weight / typical weight)^power, so 1 for a typical one and for all when the power is 0. */
export function confidence(
  weight: number,
  typicalWeight: number,
  power: number,
): number {
  return (weight / typicalWeight) ** power;
}

/** reg * (entries + alpha0 * columns)^power: frequency-scaled, Rendle et al. 2022, eq. 7. */
export function rowRegularisation(
  terms: FoldInTerms,
  entries: number,
  columns: number,
): number {
  return (
    terms.regularisation *
    (entries + terms.alpha0 * columns) ** terms.frequencyPower
  );
}
