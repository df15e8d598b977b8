import { panelRule } from "./panel-rule.ts";

/** A Beta distribution with how many of the arms have it. Both parameters at least 1. */
export interface BetaGroup {
  readonly alpha: number;
  readonly beta: number;
  readonly count: number;
}

const RULE = panelRule(10);
const NODES = RULE.nodes.length;
/** Logarithm of the density below its peak at which a tail is cut: 5e-12. */
const TAIL = 26;

/**
 * For each group the probability that one given arm of it draws the largest
 * of all: ∫ f F^(count−1) Π others F^count. Numerical quadrature over
 * t = ln(x / (1 − x)), in which Beta densities are smooth and fall off at both
 * ends: panels as wide as the narrowest density nearby asks for, ten
 * Gauss-Legendre nodes each, distribution functions by integrating the
 * interpolating polynomial. Tested to be right to 1e-9; cost: groups × nodes.
 */
export function chancesToBeBest(groups: readonly BetaGroup[]): number[] {
  if (groups.length === 1) return [1 / (groups[0]?.count ?? 1)];
  const shapes = groups.map(shapeOf);
  const grid = gridOf(shapes);
  const curves = shapes.map((shape) => curveOf(shape, grid));
  const total = new Float64Array(grid.at.length).fill(1);
  groups.forEach(({ count }, g) => {
    const { below } = curves[g] ?? NO_CURVE;
    for (let k = 0; k < total.length; k++) {
      total[k] = (total[k] ?? 0) * power(below[k] ?? 0, count);
    }
  });
  const raw = groups.map((_, g) => {
    const { density, below } = curves[g] ?? NO_CURVE;
    let sum = 0;
    for (let k = 0; k < total.length; k++) {
      // Where F is 0, so is the product; the density there is below the cut.
      const own = below[k] ?? 0;
      if (own > 0) {
        sum +=
          ((grid.weight[k] ?? 0) * (density[k] ?? 0) * (total[k] ?? 0)) / own;
      }
    }
    return sum;
  });
  const mass = raw.reduce(
    (sum, each, g) => sum + each * (groups[g]?.count ?? 0),
    0,
  );
  return raw.map((each) => each / mass);
}

/** Distribution function of one Beta over t = ln(x / (1 − x)). */
export function distributionOf(group: Omit<BetaGroup, "count">): {
  readonly at: Float64Array;
  readonly below: Float64Array;
  /** Its slope. */
  readonly density: Float64Array;
} {
  const shape = shapeOf({ ...group, count: 1 });
  const grid = gridOf([shape]);
  return { at: grid.at, ...curveOf(shape, grid) };
}

interface Shape {
  readonly alpha: number;
  readonly beta: number;
  /** In t. */
  readonly mode: number;
  readonly width: number;
  readonly low: number;
  readonly high: number;
}

function shapeOf({ alpha, beta }: BetaGroup): Shape {
  const mode = Math.log(alpha / beta);
  const width = Math.sqrt(1 / alpha + 1 / beta);
  const peak = logDensity(alpha, beta, mode);
  const end = (direction: 1 | -1): number => {
    let distance = width;
    while (logDensity(alpha, beta, mode + direction * distance) > peak - TAIL) {
      distance *= 1.2;
    }
    return mode + direction * distance;
  };
  return { alpha, beta, mode, width, low: end(-1), high: end(1) };
}

/** Logarithm of the density of t, up to a constant. */
function logDensity(alpha: number, beta: number, t: number): number {
  // ln x and ln(1 − x) without loss at either end.
  const shrink = Math.log1p(Math.exp(-Math.abs(t)));
  return alpha * (Math.min(t, 0) - shrink) + beta * (Math.min(-t, 0) - shrink);
}

interface Grid {
  readonly at: Float64Array;
  readonly weight: Float64Array;
  /** ln x and ln(1 − x) at each node. */
  readonly logX: Float64Array;
  readonly logY: Float64Array;
}

function gridOf(shapes: readonly Shape[]): Grid {
  const low = Math.min(...shapes.map((shape) => shape.low));
  const high = Math.max(...shapes.map((shape) => shape.high));
  const edges = [low];
  for (let t = low; t < high;) {
    t = Math.min(high, t + stepAt(shapes, t));
    edges.push(t);
  }
  const size = (edges.length - 1) * NODES;
  const grid = {
    at: new Float64Array(size),
    weight: new Float64Array(size),
    logX: new Float64Array(size),
    logY: new Float64Array(size),
  };
  for (let p = 0; p + 1 < edges.length; p++) {
    const from = edges[p] ?? 0;
    const half = ((edges[p + 1] ?? 0) - from) / 2;
    for (let k = 0; k < NODES; k++) {
      const i = p * NODES + k;
      const t = from + half * ((RULE.nodes[k] ?? 0) + 1);
      const shrink = Math.log1p(Math.exp(-Math.abs(t)));
      grid.at[i] = t;
      grid.weight[i] = half * (RULE.weights[k] ?? 0);
      grid.logX[i] = Math.min(t, 0) - shrink;
      grid.logY[i] = Math.min(-t, 0) - shrink;
    }
  }
  return grid;
}

/** A density is followed in steps of its width, which may grow with the distance from it. */
function stepAt(shapes: readonly Shape[], t: number): number {
  let step = Infinity;
  for (const { mode, width } of shapes) {
    step = Math.min(step, Math.max(1.4 * width, Math.abs(t - mode) / 2.5));
  }
  return step;
}

interface Curve {
  readonly density: Float64Array;
  /** The distribution function. */
  readonly below: Float64Array;
}

const NO_CURVE: Curve = {
  density: new Float64Array(0),
  below: new Float64Array(0),
};

function curveOf({ alpha, beta, mode }: Shape, grid: Grid): Curve {
  const size = grid.at.length;
  const density = new Float64Array(size);
  const below = new Float64Array(size);
  const peak = logDensity(alpha, beta, mode);
  for (let i = 0; i < size; i++) {
    density[i] = Math.exp(
      alpha * (grid.logX[i] ?? 0) + beta * (grid.logY[i] ?? 0) - peak,
    );
  }
  let before = 0;
  for (let start = 0; start < size; start += NODES) {
    const half = (grid.weight[start] ?? 0) / (RULE.weights[0] ?? 1);
    let whole = 0;
    for (let k = 0; k < NODES; k++) {
      let sum = 0;
      const row = RULE.upTo[k] ?? NO_CURVE.density;
      for (let m = 0; m < NODES; m++) {
        sum += (row[m] ?? 0) * (density[start + m] ?? 0);
      }
      below[start + k] = before + half * sum;
      whole += (grid.weight[start + k] ?? 0) * (density[start + k] ?? 0);
    }
    before += whole;
  }
  for (let i = 0; i < size; i++) {
    density[i] = (density[i] ?? 0) / before;
    below[i] = Math.max(0, (below[i] ?? 0) / before);
  }
  return { density, below };
}

function power(base: number, exponent: number): number {
  return exponent === 1 ? base : base ** exponent;
}
