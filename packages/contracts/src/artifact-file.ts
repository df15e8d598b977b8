import type { Artifact, Provenance, Tensor, TensorType } from "./artifact.ts";
import { canonicalJson } from "./canonical-json.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

/**
 * One artifact is one file in the safetensors format: 8 bytes little-endian
 * header length, JSON header padded with spaces to 64 bytes, raw
 * little-endian tensors, each starting on 64 bytes from the start of the file
 * so that typed arrays view the file without copying.
 * Source: https://huggingface.co/docs/safetensors (format section).
 */
const ALIGNMENT = 64;

const BYTES_PER_ELEMENT: Readonly<Record<TensorType, number>> = {
  F32: 4,
  F64: 8,
  I32: 4,
  U32: 4,
  U8: 1,
  I8: 1,
};

interface HeaderEntry {
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The bytes of an artifact; the same artifact always gives the same bytes. */
export function encodeArtifact(artifact: Artifact): Uint8Array {
  const tensors = { ...artifact.tensors };
  for (const [name, column] of Object.entries(artifact.strings)) {
    Object.assign(tensors, stringTensors(name, column));
  }
  const names = Object.keys(tensors).sort(byCodeUnits);
  const header: Record<string, unknown> = {
    __metadata__: { provenance: canonicalJson(artifact.provenance) },
  };
  let offset = 0;
  for (const name of names) {
    const tensor = tensors[name];
    if (tensor === undefined) continue;
    const end = offset + byteLength(tensor);
    header[name] = {
      dtype: tensor.dtype,
      shape: tensor.shape,
      data_offsets: [offset, end],
    };
    offset = align(end);
    if (offset > end) {
      // The format allows no holes between tensors: the padding is one of its own.
      header[`${name}#pad`] = {
        dtype: "U8",
        shape: [offset - end],
        data_offsets: [end, offset],
      };
    }
  }
  return assemble(header, tensors, offset);
}

/** Reads an artifact as views on `bytes`, which must start at a multiple of 64 in its buffer. Throws a plain Error with the reason when it is malformed. */
export function decodeArtifact(bytes: Uint8Array): Artifact {
  const { header, dataStart } = readHeader(bytes);
  const tensors: Record<string, Tensor> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__" || name.endsWith("#pad")) continue;
    tensors[name] = viewTensor(bytes, dataStart, {
      name,
      entry: entry as HeaderEntry,
    });
  }
  const provenance = readProvenance(header["__metadata__"]);
  return { provenance, ...splitStrings(tensors) };
}

function stringTensors(
  name: string,
  column: readonly string[],
): Record<string, Tensor> {
  const encoded = column.map(encodeUtf8);
  const offsets = new Uint32Array(column.length + 1);
  encoded.forEach((bytes, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + bytes.length;
  });
  const blob = new Uint8Array(offsets[column.length] ?? 0);
  encoded.forEach((bytes, i) => {
    blob.set(bytes, offsets[i]);
  });
  return {
    [`${name}.utf8`]: { dtype: "U8", shape: [blob.length], values: blob },
    [`${name}.offsets`]: {
      dtype: "U32",
      shape: [offsets.length],
      values: offsets,
    },
  };
}

function assemble(
  header: Readonly<Record<string, unknown>>,
  tensors: Readonly<Record<string, Tensor>>,
  dataLength: number,
): Uint8Array {
  const json = encodeUtf8(JSON.stringify(header));
  const headerLength = align(8 + json.length) - 8;
  const file = new Uint8Array(8 + headerLength + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  for (const [name, tensor] of Object.entries(tensors)) {
    const entry = header[name] as HeaderEntry;
    file.set(bytesOf(tensor), 8 + headerLength + entry.data_offsets[0]);
  }
  return file;
}

function readHeader(bytes: Uint8Array) {
  if (bytes.length < 8) throw new Error("the file ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > bytes.length - 8) {
    throw new Error("the header is longer than the file");
  }
  const header: unknown = JSON.parse(decodeUtf8(bytes, 8, 8 + length));
  if (typeof header !== "object" || header === null) {
    throw new Error("the header is not an object");
  }
  return { header: header as Record<string, unknown>, dataStart: 8 + length };
}

function viewTensor(
  bytes: Uint8Array,
  dataStart: number,
  named: { readonly name: string; readonly entry: HeaderEntry },
): Tensor {
  const { name, entry } = named;
  const [start, end] = entry.data_offsets;
  const count = entry.shape.reduce((product, size) => product * size, 1);
  if (end - start !== count * BYTES_PER_ELEMENT[entry.dtype]) {
    throw new Error(`tensor ${name}: shape and bytes do not agree`);
  }
  if (start < 0 || dataStart + end > bytes.length) {
    throw new Error(`tensor ${name} lies outside the file`);
  }
  const at = bytes.byteOffset + dataStart + start;
  const make = VIEWS[entry.dtype];
  return {
    dtype: entry.dtype,
    shape: entry.shape,
    values: make(bytes.buffer, at, count),
  } as Tensor;
}

type MakeView = (
  buffer: ArrayBufferLike,
  at: number,
  count: number,
) => Tensor["values"];

const VIEWS: Readonly<Record<TensorType, MakeView>> = {
  F32: (buffer, at, count) => new Float32Array(buffer, at, count),
  F64: (buffer, at, count) => new Float64Array(buffer, at, count),
  I32: (buffer, at, count) => new Int32Array(buffer, at, count),
  U32: (buffer, at, count) => new Uint32Array(buffer, at, count),
  U8: (buffer, at, count) => new Uint8Array(buffer, at, count),
  I8: (buffer, at, count) => new Int8Array(buffer, at, count),
};

function readProvenance(metadata: unknown): Provenance {
  const text = (metadata as { readonly provenance?: unknown } | undefined)
    ?.provenance;
  if (typeof text !== "string") {
    throw new Error("the header has no provenance");
  }
  return JSON.parse(text) as Provenance;
}

function splitStrings(all: Readonly<Record<string, Tensor>>) {
  const tensors: Record<string, Tensor> = {};
  const strings: Record<string, string[]> = {};
  for (const [name, tensor] of Object.entries(all)) {
    if (name.endsWith(".offsets") || name.endsWith(".utf8")) continue;
    tensors[name] = tensor;
  }
  for (const [name, tensor] of Object.entries(all)) {
    if (!name.endsWith(".utf8") || tensor.dtype !== "U8") continue;
    const column = name.slice(0, -".utf8".length);
    const offsets = all[`${column}.offsets`];
    if (offsets?.dtype !== "U32") throw new Error(`${column} has no offsets`);
    strings[column] = decodeColumn(tensor.values, offsets.values);
  }
  return { tensors, strings };
}

function decodeColumn(blob: Uint8Array, offsets: Uint32Array): string[] {
  const column = new Array<string>(offsets.length - 1);
  for (let i = 0; i + 1 < offsets.length; i++) {
    column[i] = decodeUtf8(blob, offsets[i] ?? 0, offsets[i + 1] ?? 0);
  }
  return column;
}

function bytesOf(tensor: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensor.values;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function byteLength(tensor: Tensor): number {
  return tensor.values.byteLength;
}

function align(n: number): number {
  return Math.ceil(n / ALIGNMENT) * ALIGNMENT;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
