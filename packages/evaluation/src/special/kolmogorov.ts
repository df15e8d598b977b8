/**
 * P(K > x) of Kolmogorov's limiting distribution: the alternating series for
 * large x, Jacobi's theta transform of it for small x.
 * Marsaglia, Tsang, Wang, Evaluating Kolmogorov's distribution, JSS 8 (2003).
 */
export function kolmogorovSurvival(x: number): number {
  if (x <= 0) return 1;
  return x < 1 ? 1 - smallCdf(x) : largeSurvival(x);
}

function smallCdf(x: number): number {
  const rate = (Math.PI * Math.PI) / (8 * x * x);
  let sum = 0;
  for (let k = 1; k < 200; k += 2) {
    const term = Math.exp(-rate * k * k);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

function largeSurvival(x: number): number {
  let sum = 0;
  for (let k = 1; k < 100; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < sum * 1e-17) break;
  }
  return Math.min(1, 2 * sum);
}
