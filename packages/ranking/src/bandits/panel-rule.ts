/** A quadrature rule on [-1, 1] that also integrates up to each of its nodes. */
export interface PanelRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** Row k: weights of the integral from -1 to node k. */
  readonly upTo: readonly Float64Array[];
}

/** Gauss-Legendre of `size` nodes: exact for polynomials of degree 2 × size − 1, its partial integrals for size − 1. */
export function panelRule(size: number): PanelRule {
  const nodes = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (size + 0.5));
    let slope = 1;
    for (let step = 0; step < 50; step++) {
      const { value, derivative } = legendre(size, x);
      slope = derivative;
      const next = x - value / derivative;
      if (Math.abs(next - x) < 1e-16) break;
      x = next;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  const upTo = Array.from(nodes, (end) => partial(nodes, weights, end));
  return { nodes, weights, upTo };
}

/** Weights of the integral of the interpolating polynomial from -1 to `end`. */
function partial(
  nodes: Float64Array,
  weights: Float64Array,
  end: number,
): Float64Array {
  const half = (end + 1) / 2;
  return Float64Array.from(nodes, (_, member) => {
    let sum = 0;
    nodes.forEach((node, k) => {
      const at = -1 + half * (node + 1);
      sum += (weights[k] ?? 0) * half * lagrange(nodes, member, at);
    });
    return sum;
  });
}

function lagrange(nodes: Float64Array, member: number, at: number): number {
  const own = nodes[member] ?? 0;
  let product = 1;
  nodes.forEach((node, k) => {
    if (k !== member) product *= (at - node) / (own - node);
  });
  return product;
}

function legendre(
  degree: number,
  x: number,
): { readonly value: number; readonly derivative: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n++) {
    const next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
    before = value;
    value = next;
  }
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}
