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

interface FoldInModel {
  readonly dimension: number;
  readonly factors: Float32Array;
  readonly gram: Float32Array;
  readonly terms: FoldInTerms;
}

/**
 * A function from a history to the exact minimiser of the user's part of the
 * iALS loss: (alpha0 G + sum c q qᵀ + reg I) x = sum c q, by Cholesky in
 * double precision. Positions out of range and weights not above 0 are left
 * out; an item given twice counts with the sum of its weights. Nothing left
 * gives the zero vector. O(history d² + d³ / 6).
 */
export function createFoldIn(
  model: FoldInModel,
): (items: Int32Array, weights: Float32Array) => Float32Array {
  const d = model.dimension;
  const system = new Float64Array(d * d);
  const target = new Float64Array(d);
  const count = d === 0 ? 0 : model.factors.length / d;
  return (items, weights) => {
    const summed = new Map<number, number>();
    items.forEach((item, i) => {
      const weight = weights[i] ?? 0;
      if (item >= 0 && item < count && weight > 0) {
        summed.set(item, (summed.get(item) ?? 0) + weight);
      }
    });
    if (summed.size === 0) return new Float32Array(d);
    const { alpha0, typicalWeight, foldPower } = model.terms;
    for (let i = 0; i < system.length; i++) {
      system[i] = alpha0 * (model.gram[i] ?? 0);
    }
    target.fill(0);
    const regularisation = rowRegularisation(model.terms, summed.size, count);
    for (let i = 0; i < d; i++) {
      system[i * d + i] = (system[i * d + i] ?? 0) + regularisation;
    }
    // In the order of positions, so that the order of the history changes no bit.
    for (const item of [...summed.keys()].sort((a, b) => a - b)) {
      const weight = confidence(
        summed.get(item) ?? 0,
        typicalWeight,
        foldPower,
      );
      addItem(model, { item, weight, system, target });
    }
    solveInPlace(system, target);
    return Float32Array.from(target);
  };
}

interface ItemTerm {
  readonly item: number;
  readonly weight: number;
  readonly system: Float64Array;
  readonly target: Float64Array;
}

/** Lower triangle only: the solver reads no other. */
function addItem(model: FoldInModel, term: ItemTerm): void {
  const { dimension: d, factors } = model;
  const { weight, system, target } = term;
  const q = term.item * d;
  for (let i = 0; i < d; i++) {
    const scaled = weight * (factors[q + i] ?? 0);
    target[i] = (target[i] ?? 0) + scaled;
    for (let j = 0; j <= i; j++) {
      system[i * d + j] =
        (system[i * d + j] ?? 0) + scaled * (factors[q + j] ?? 0);
    }
  }
}

/** Cholesky and both substitutions without an allocation; `b` becomes x. */
function solveInPlace(a: Float64Array, b: Float64Array): void {
  const d = b.length;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = (a[i * d + j] ?? 0) - dotRows(a, { p: i * d, q: j * d }, j);
      // Rounding alone can bring a pivot to 0: the floor keeps the vector finite.
      a[i * d + j] =
        i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (a[j * d + j] ?? 0);
    }
  }
  for (let i = 0; i < d; i++) {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (a[i * d + k] ?? 0) * (b[k] ?? 0);
    b[i] = sum / (a[i * d + i] ?? 0);
  }
  // By columns of Lᵀ, which are rows of L and lie together in memory.
  for (let i = d - 1; i >= 0; i--) {
    const x = (b[i] ?? 0) / (a[i * d + i] ?? 0);
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] = (b[k] ?? 0) - x * (a[i * d + k] ?? 0);
  }
}

/** Four running sums, so that one addition need not wait for the last. */
function dotRows(
  a: Float64Array,
  at: { readonly p: number; readonly q: number },
  length: number,
): number {
  const { p, q } = at;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    s0 += (a[p + k] ?? 0) * (a[q + k] ?? 0);
    s1 += (a[p + k + 1] ?? 0) * (a[q + k + 1] ?? 0);
    s2 += (a[p + k + 2] ?? 0) * (a[q + k + 2] ?? 0);
    s3 += (a[p + k + 3] ?? 0) * (a[q + k + 3] ?? 0);
  }
  for (; k < length; k++) s0 += (a[p + k] ?? 0) * (a[q + k] ?? 0);
  return s0 + s1 + (s2 + s3);
}
