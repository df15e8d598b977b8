import { expect, test } from "vitest";
import { checkVectors } from "./check-vectors.ts";
import { compareValues } from "./compare-values.ts";

test("numbers may differ by the tolerance, nothing else may differ", () => {
  expect(
    compareValues({ a: 1, b: "x" }, { a: 1.05, b: "x", c: 9 }, 0.1),
  ).toEqual([]);
  expect(
    compareValues({ a: [1, { b: true }] }, { a: [1.2, { b: false }] }, 0.1),
  ).toEqual([
    { path: "a[0]", expected: 1, actual: 1.2 },
    { path: "a[1].b", expected: true, actual: false },
  ]);
});

test("what is not defined is null, and null is no number", () => {
  expect(compareValues({ a: null }, { a: NaN }, 1)).toEqual([]);
  expect(compareValues({ a: null }, { a: 0 }, 1)).toHaveLength(1);
  expect(compareValues({ a: 0 }, { a: null }, 1)).toHaveLength(1);
  expect(compareValues({ a: null }, {}, 1)).toHaveLength(1);
});

test("lists of another length differ as a whole", () => {
  expect(compareValues([1, 2], [1], 1)).toEqual([
    { path: "", expected: [1, 2], actual: [1] },
  ]);
});

test("a kind of file or of case that nothing computes fails, and says so", () => {
  const one = { name: "x", input: { kind: "nosuch" }, expected: { a: 1 } };
  const file = { tolerance_absolute: 0, cases: [one] };
  const unknown = checkVectors({ ...file, file: "nosuch" });
  expect(unknown[0]?.differences[0]?.actual).toMatch(/nothing computes/);
  for (const name of ["power", "drift", "interleaving"]) {
    const [checked] = checkVectors({ ...file, file: name });
    expect(checked?.differences[0]?.actual).toMatch(/unknown kind of .*nosuch/);
  }
  expect(() => checkVectors([])).toThrow("not a file of check vectors");
  expect(() => checkVectors({ file: "power" })).toThrow("are needed");
});
