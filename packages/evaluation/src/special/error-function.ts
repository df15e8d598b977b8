// Coefficients of Cody, Rational Chebyshev approximations for the error
// function, Mathematics of Computation 23 (1969), as in netlib's CALERF.
const A = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302,
  3209.3775891384694,
];
const B = [
  1, 23.601290952344122, 244.02463793444417, 1282.6165260773723,
  2844.236833439171,
];
const C = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377,
  66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972,
];
const D = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099,
  1621.3895745666903, 3290.7992357334597, 4362.619090143247, 3439.3676741437216,
  1230.3393548037495,
];
const P = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445,
  0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
];
const Q = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285,
  0.06051834131244132, 0.0023352049762686918,
];

const INVERSE_SQRT_PI = 0.5641895835477563;

/** erfc(x) = 2/√π ∫ from x of exp(-t²) dt, to about 1e-15 relative. */
export function complementaryErrorFunction(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - x * ratio(A, B, x * x);
  const tail = y <= 4 ? ratio(C, D, y) : farTail(y);
  const upper = tail * expMinusSquare(y);
  return x < 0 ? 2 - upper : upper;
}

function farTail(y: number): number {
  const r = 1 / (y * y);
  return (INVERSE_SQRT_PI - r * ratio(P, Q, r)) / y;
}

/** exp(-y²) with the square split, so that its rounding error is not magnified. */
function expMinusSquare(y: number): number {
  const coarse = Math.trunc(y * 16) / 16;
  const rest = (y - coarse) * (y + coarse);
  return Math.exp(-coarse * coarse) * Math.exp(-rest);
}

/** Quotient of two polynomials, coefficients of the highest power first. */
function ratio(
  above: readonly number[],
  below: readonly number[],
  x: number,
): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}
