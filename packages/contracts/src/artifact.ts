import type { Json } from "./canonical-json.ts";
import type { SignalName } from "./signals.ts";

/** Element types of safetensors that artifacts use, with their arrays. */
export interface TensorArrays {
  readonly F32: Float32Array;
  readonly F64: Float64Array;
  readonly I32: Int32Array;
  readonly U32: Uint32Array;
  readonly U8: Uint8Array;
  readonly I8: Int8Array;
}
export type TensorType = keyof TensorArrays;

export type Tensor = {
  [T in TensorType]: {
    readonly dtype: T;
    readonly shape: readonly number[];
    readonly values: TensorArrays[T];
  };
}[TensorType];

export type ArtifactKind = SignalName;

/** Where an artifact comes from: no clock, host or run id, so equal inputs give equal bytes. */
export interface Provenance {
  readonly kind: ArtifactKind;
  /** Version of the layout of this kind; a reader refuses others. */
  readonly schema_version: number;
  /** Unix milliseconds: the moment that the job was asked to see the world at. */
  readonly as_of: number;
  readonly window: { readonly from: number; readonly to: number };
  readonly parameters: Readonly<Record<string, Json>>;
  /** SHA-256 of the inputs, sorted. */
  readonly sources: readonly string[];
  readonly code_version: string;
}

/**
 * An artifact before it is bytes: numeric tensors, columns of strings (stored
 * as one UTF-8 blob and offsets) and its provenance.
 */
export interface Artifact {
  readonly provenance: Provenance;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly strings: Readonly<Record<string, readonly string[]>>;
}
