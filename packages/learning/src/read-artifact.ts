import type {
  Artifact,
  SignalName,
  TensorArrays,
  TensorType,
} from "@recsys/contracts";

/** Throws unless the artifact is of this signal and layout. */
export function requireKind(
  artifact: Artifact,
  signal: { readonly name: SignalName; readonly schemaVersion: number },
): void {
  const { kind, schema_version } = artifact.provenance;
  if (kind !== signal.name) {
    throw new Error(`an artifact of ${signal.name} is needed, got ${kind}`);
  }
  if (schema_version !== signal.schemaVersion) {
    throw new Error(
      `${kind}: schema version ${signal.schemaVersion} is read here, got ${schema_version}`,
    );
  }
}

interface TensorNeed<T extends TensorType> {
  readonly name: string;
  readonly dtype: T;
  readonly shape: readonly number[];
}

/** The values of a tensor, not copied. Throws when it is missing or of another type or shape. */
export function requireTensor<T extends TensorType>(
  artifact: Artifact,
  need: TensorNeed<T>,
): TensorArrays[T] {
  const tensor = artifact.tensors[need.name];
  if (tensor === undefined) throw new Error(`tensor ${need.name} is missing`);
  const { dtype, shape } = tensor;
  const isAsNeeded =
    dtype === need.dtype &&
    shape.length === need.shape.length &&
    shape.every((size, i) => size === need.shape[i]);
  if (!isAsNeeded) {
    throw new Error(
      `tensor ${need.name} is ${dtype} [${shape.join(", ")}], must be ${need.dtype} [${need.shape.join(", ")}]`,
    );
  }
  return tensor.values as TensorArrays[T];
}

/** A column of strings. Throws when it is missing. */
export function requireStrings(
  artifact: Artifact,
  name: string,
): readonly string[] {
  const column = artifact.strings[name];
  if (column === undefined) throw new Error(`strings ${name} are missing`);
  return column;
}

/** Length of a one-dimensional tensor, for shapes that depend on it. */
export function lengthOf(artifact: Artifact, name: string): number {
  return artifact.tensors[name]?.shape[0] ?? 0;
}

/** Throws unless compressed rows start at 0, never fall and end at `length`. */
export function requireOffsets(
  name: string,
  offsets: Int32Array,
  length: number,
): void {
  let previous = 0;
  let isSound = offsets[0] === 0 && offsets[offsets.length - 1] === length;
  for (const offset of offsets) {
    isSound &&= offset >= previous;
    previous = offset;
  }
  if (!isSound) throw new Error(`${name} are not offsets of ${length} entries`);
}

/** Throws unless every position points at one of `count` ids. */
export function requirePositions(
  name: string,
  positions: Int32Array,
  count: number,
): void {
  for (const position of positions) {
    if (position < 0 || position >= count) {
      throw new Error(`${name} points at ${position} of ${count} ids`);
    }
  }
}

/** Throws unless every score is from 0 to 1. */
export function requireUnit(name: string, scores: Float32Array): void {
  for (const score of scores) {
    if (!(score >= 0 && score <= 1)) {
      throw new Error(`${name} holds ${score}, must be from 0 to 1`);
    }
  }
}
