import type { Artifact, FactorsView, Kernels } from "@recsys/contracts";
import type { FoldInTerms } from "./fold-in-terms.ts";
import { createFoldIn } from "./fold-in.ts";
import type { Layout } from "./layout.ts";
import { requireStrings, requireTensor } from "./read-artifact.ts";

/** Item factors with what a fold-in needs; user factors are never kept. */
export interface FactorsModel {
  readonly ids: readonly string[];
  readonly dimension: number;
  /** Row-major, ids × dimension. */
  readonly factors: Float32Array;
  /** Factorsᵀ factors, dimension × dimension. */
  readonly gram: Float32Array;
  readonly terms: FoldInTerms;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Tensors: factors [items, d], gram [d, d], fold_in [5], see `FoldInTerms`; strings: ids. */
export const FACTORS: Layout<FactorsModel, FactorsView> = {
  schemaVersion: 1,
  write: (model) => ({
    strings: { ids: model.ids },
    tensors: factorTensors(model),
  }),
  read: viewFactors,
};

function factorTensors(model: FactorsModel): Artifact["tensors"] {
  const { ids, dimension, factors, gram, terms } = model;
  const foldIn = Float64Array.of(
    terms.alpha0,
    terms.regularisation,
    terms.frequencyPower,
    terms.foldPower,
    terms.typicalWeight,
  );
  return {
    factors: { dtype: "F32", shape: [ids.length, dimension], values: factors },
    gram: { dtype: "F32", shape: [dimension, dimension], values: gram },
    fold_in: { dtype: "F64", shape: [5], values: foldIn },
  };
}

function viewFactors(artifact: Artifact, kernels?: Kernels): FactorsView {
  const ids = requireStrings(artifact, "ids");
  const dimension = artifact.tensors["gram"]?.shape[0] ?? 0;
  const factors = requireTensor(artifact, {
    name: "factors",
    dtype: "F32",
    shape: [ids.length, dimension],
  });
  const gram = requireTensor(artifact, {
    name: "gram",
    dtype: "F32",
    shape: [dimension, dimension],
  });
  requireFinite("factors", factors);
  requireFinite("gram", gram);
  const [alpha0, regularisation, frequencyPower, foldPower, typicalWeight] =
    requireTensor(artifact, { name: "fold_in", dtype: "F64", shape: [5] });
  const terms = {
    alpha0: alpha0 ?? 0,
    regularisation: regularisation ?? 0,
    frequencyPower: frequencyPower ?? 0,
    foldPower: foldPower ?? 0,
    typicalWeight: typicalWeight ?? 0,
  };
  const model = { dimension, factors, gram, terms, kernels };
  return {
    kind: "factors",
    ids,
    dimension,
    factors,
    foldIn: createFoldIn(model),
  };
}

function requireFinite(name: string, values: Float32Array): void {
  if (!values.every(Number.isFinite)) {
    throw new Error(`${name} holds a number that is not finite`);
  }
}
