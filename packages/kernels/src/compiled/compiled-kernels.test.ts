import { type Kernels } from "@recsys/contracts";
import { afterAll, expect, test } from "vitest";
import { openKernels } from "../open-kernels.ts";
import { plainKernels } from "../plain/plain-kernels.ts";
import { alsTask, pairSearch } from "./draws.contract.ts";

const one = openKernels({ engine: "compiled" });
const two = openKernels({ engine: "compiled", threads: 2 });
afterAll(() => {
  one.close();
  two.close();
});

const refusals: readonly [string, (kernels: Kernels) => void, string][] = [
  [
    "a row that is not a number",
    (k) => k.createScan(Float32Array.of(1, NaN), 1, "bytes"),
    "row 1 holds NaN",
  ],
  [
    "a query that is not a number",
    (k) =>
      k
        .createScan(new Float32Array(4), 2, "floats")
        .best(Float32Array.of(NaN, 0), 1),
    "2 finite numbers",
  ],
  [
    "numbers that are not rows",
    (k) => k.createScan(new Float32Array(5), 2, "floats"),
    "5 numbers are not rows of 2",
  ],
  [
    "a column that is not there",
    (k) => {
      k.alsRows({ ...alsTask(1, 4, 3), columns: new Int32Array(99).fill(40) });
    },
    "column 40",
  ],
  [
    "offsets that turn back",
    (k) =>
      k.bestPairs({
        ...pairSearch(1, 2, 1),
        left: { offsets: Int32Array.of(0, 2, 1), columns: Int32Array.of(0, 1) },
      }),
    "offset 2 is 1",
  ],
  [
    "a value of NaN",
    (k) =>
      k.sparseProduct({
        ...pairSearch(1, 2, 1),
        left: {
          offsets: Int32Array.of(0, 1),
          columns: Int32Array.of(0),
          values: Float32Array.of(NaN),
        },
      }),
    "value NaN",
  ],
];

test.each(refusals)("refuses %s", (_, call, message) => {
  for (const kernels of [one.kernels, two.kernels, plainKernels]) {
    expect(() => {
      call(kernels);
    }).toThrow(message);
  }
});

test("says how much memory is missing, and works on after that", () => {
  const small = openKernels({ engine: "compiled", memoryBytes: 1 << 20 });
  expect(() => small.kernels.gram(new Float32Array(1 << 20), 8)).toThrow(
    /need 5 MiB at once and may use 1/,
  );
  expect([...small.kernels.gram(Float32Array.of(2), 1)]).toEqual([4]);
  small.close();
});

test("threads are from 1 to 64", () => {
  for (const threads of [0, 1.5, 65, NaN]) {
    expect(() => openKernels({ threads })).toThrow("threads");
  }
  expect(openKernels({ engine: "plain" }).kernels).toBe(plainKernels);
});
