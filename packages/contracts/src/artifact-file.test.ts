import fc from "fast-check";
import { expect, test } from "vitest";
import type { Artifact } from "./artifact.ts";
import { decodeArtifact, encodeArtifact } from "./artifact-file.ts";

const provenance = {
  kind: "popularity",
  schema_version: 1,
  as_of: 0,
  window: { from: 0, to: 1 },
  parameters: { half_life_days: 30 },
  sources: ["aa"],
  code_version: "test",
} as const;

function artifact(values: number[], ids: string[]): Artifact {
  return {
    provenance,
    tensors: {
      scores: {
        dtype: "F32",
        shape: [values.length],
        values: new Float32Array(values),
      },
      rows: { dtype: "I32", shape: [1, 2], values: new Int32Array([1, -2]) },
    },
    strings: { ids },
  };
}

test("reads back tensors, strings and provenance", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true })),
      fc.array(fc.string({ unit: "grapheme" })),
      (values, ids) => {
        const original = artifact(values, ids);
        expect(decodeArtifact(encodeArtifact(original))).toEqual(original);
      },
    ),
  );
});

test("gives the same bytes whatever the order in which tensors are named", () => {
  const one = artifact([1, 2], ["a"]);
  const other = {
    ...one,
    tensors: Object.fromEntries(Object.entries(one.tensors).reverse()),
  };
  expect(encodeArtifact(other)).toEqual(encodeArtifact(one));
});

test("views the file without copying", () => {
  const bytes = encodeArtifact(artifact([1, 2, 3], ["a"]));
  const tensor = decodeArtifact(bytes).tensors["scores"];
  expect(tensor?.values.buffer).toBe(bytes.buffer);
  expect((tensor?.values.byteOffset ?? 1) % 64).toBe(0);
});

test("is a file that the safetensors rules accept: contiguous tensors to the end", () => {
  const bytes = encodeArtifact(artifact([1, 2, 3], ["a", "bc"]));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + length)),
  ) as Record<string, { data_offsets: [number, number] }>;
  const ranges = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([, entry]) => entry.data_offsets)
    .sort((a, b) => a[0] - b[0]);
  const ends = [0, ...ranges.map(([, end]) => end)];
  expect(ranges.map(([start]) => start)).toEqual(ends.slice(0, -1));
  expect(ends.at(-1)).toBe(bytes.length - 8 - length);
});

test.each([
  ["an empty file", new Uint8Array(0), "ends within its header"],
  [
    "a header beyond the end",
    new Uint8Array([255, 0, 0, 0, 0, 0, 0, 0]),
    "longer than the file",
  ],
])("refuses %s with the reason", (_, bytes, reason) => {
  expect(() => decodeArtifact(bytes)).toThrow(reason);
});

test("refuses a file that was cut off", () => {
  const bytes = encodeArtifact(artifact([1, 2, 3], ["a"]));
  expect(() => decodeArtifact(bytes.slice(0, -64))).toThrow("outside the file");
});
