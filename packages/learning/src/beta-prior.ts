/** A Beta distribution of rates: mean = alpha / (alpha + beta), strength = alpha + beta in trials. */
export interface BetaPrior {
  readonly alpha: number;
  readonly beta: number;
}

/** Successes of trials by item; at most as many as trials. */
interface Trials {
  readonly successes: Float64Array;
  readonly trials: Float64Array;
}

/**
 * Empirical-Bayes prior by the method of moments for the beta-binomial
 * (Kleinman, 1973): with m the overall rate, S = Σ n_i (p_i − m)² has the mean
 * m (1 − m) ((K − 1)(1 − ρ) + ρ (N − Σ n_i² / N)); ρ follows, and
 * α + β = 1 / ρ − 1, kept within `strength`. Items that differ no more than
 * chance would have them get the largest strength. Null without trials, or
 * where the rate is 0 for all.
 */
export function fitBetaPrior(
  { successes, trials }: Trials,
  strength: { readonly least: number; readonly most: number },
): BetaPrior | null {
  let total = 0;
  let hits = 0;
  let squares = 0;
  let items = 0;
  trials.forEach((n, i) => {
    if (n <= 0) return;
    items++;
    total += n;
    squares += n * n;
    hits += Math.min(successes[i] ?? 0, n);
  });
  if (hits === 0) return null;
  const mean = hits / total;
  let spread = 0;
  trials.forEach((n, i) => {
    if (n > 0) spread += n * (Math.min(successes[i] ?? 0, n) / n - mean) ** 2;
  });
  const chance = items - 1;
  const room = total - squares / total - chance;
  const excess = spread / (mean * (1 - mean)) - chance;
  const rho = room > 0 && excess > 0 ? excess / room : 0;
  const found = rho > 0 ? 1 / rho - 1 : Infinity;
  const sum = Math.min(Math.max(found, strength.least), strength.most);
  return { alpha: mean * sum, beta: (1 - mean) * sum };
}

/** The mean of the posterior: (successes + α) / (trials + α + β). */
export function smoothedRate(
  successes: number,
  trials: number,
  { alpha, beta }: BetaPrior,
): number {
  return (Math.min(successes, trials) + alpha) / (trials + alpha + beta);
}
