/**
 * Adjusted p-values that control the false discovery rate, in input order.
 * Benjamini, Hochberg, JRSS B 57 (1995).
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const m = p.length;
  const adjusted = new Array<number>(m).fill(1);
  let least = 1;
  for (const [fromEnd, at] of ascending(p).reverse().entries()) {
    const rank = m - fromEnd;
    least = Math.min(least, ((p[at] ?? 1) * m) / rank);
    adjusted[at] = least;
  }
  return adjusted;
}

/**
 * Adjusted p-values that control the family-wise error, step down, in input order.
 * Holm, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(p: readonly number[]): number[] {
  const m = p.length;
  const adjusted = new Array<number>(m).fill(1);
  let most = 0;
  for (const [rank, at] of ascending(p).entries()) {
    most = Math.max(most, Math.min(1, (p[at] ?? 1) * (m - rank)));
    adjusted[at] = most;
  }
  return adjusted;
}

/** p times the number of tests, at most 1. Dunn, JASA 56 (1961). */
export function bonferroni(p: readonly number[]): number[] {
  return p.map((value) => Math.min(1, value * p.length));
}

/** Positions by p-value; throws for what is not a probability. */
function ascending(p: readonly number[]): number[] {
  for (const value of p) {
    if (!(value >= 0 && value <= 1)) throw new Error(`p-value ${value}`);
  }
  return [...p.keys()].sort((i, j) => (p[i] ?? 1) - (p[j] ?? 1) || i - j);
}
