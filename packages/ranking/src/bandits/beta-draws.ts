/** A draw of Beta(alpha, beta), both at least 1, by two gamma draws. */
export function drawBeta(
  alpha: number,
  beta: number,
  random: () => number,
): number {
  const x = drawGamma(alpha, random);
  return x / (x + drawGamma(beta, random));
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); shape at least 1. */
function drawGamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = drawNormal(random);
    const v = (1 + c * z) ** 3;
    if (v <= 0) continue;
    const u = 1 - random();
    if (Math.log(u) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller. */
function drawNormal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
