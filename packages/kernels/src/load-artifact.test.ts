import { encodeArtifact } from "@recsys/contracts";
import { expect, test } from "vitest";
import { allocateShared, loadArtifact } from "./load-artifact.ts";

const bytes = encodeArtifact({
  provenance: {
    kind: "ials",
    schema_version: 1,
    as_of: 0,
    window: { from: 0, to: 0 },
    parameters: {},
    sources: [],
    code_version: "test",
  },
  tensors: {
    factors: { dtype: "F32", shape: [2], values: Float32Array.of(1, 2) },
  },
  strings: { ids: ["a"] },
});

test("shared bytes are zero, shared, aligned and exactly as many as asked", () => {
  const view = allocateShared(70_000);
  expect(view.length).toBe(70_000);
  expect(view.byteOffset).toBe(0);
  expect(view.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(view.every((byte) => byte === 0)).toBe(true);
  expect(allocateShared(0).length).toBe(0);
});

test("each call has memory of its own", () => {
  expect(allocateShared(1).buffer).not.toBe(allocateShared(1).buffer);
});

test("refuses what no 32-bit memory can hold", () => {
  for (const length of [-1, 1.5, Number.NaN, 2 ** 32 + 1]) {
    expect(() => allocateShared(length)).toThrow(RangeError);
  }
});

test("the tensors of a loaded artifact are views on shared memory", async () => {
  const artifact = await loadArtifact((allocate) => {
    const target = allocate(bytes.length);
    target.set(bytes);
    return Promise.resolve(target);
  });
  expect([...(artifact.tensors["factors"]?.values ?? [])]).toEqual([1, 2]);
  expect(artifact.tensors["factors"]?.values.buffer).toBeInstanceOf(
    SharedArrayBuffer,
  );
  expect(artifact.strings["ids"]).toEqual(["a"]);
});

test("malformed bytes are an error, not an artifact", async () => {
  const cut = (allocate: (n: number) => Uint8Array) => {
    const target = allocate(40);
    target.set(bytes.subarray(0, 40));
    return Promise.resolve(target);
  };
  await expect(loadArtifact(cut)).rejects.toThrow(Error);
});
