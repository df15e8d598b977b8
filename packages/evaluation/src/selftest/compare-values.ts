import { isObject, type JsonValue } from "./fields.ts";

/** One value that is not as expected. */
export interface Difference {
  /** Such as `adjusted.t` or `steps[2].diff`; empty for the whole case. */
  readonly path: string;
  readonly expected: JsonValue;
  readonly actual: JsonValue | undefined;
}

/** Every expected value against the computed one: numbers within the tolerance, the rest equal; more than was expected is no difference. */
export function compareValues(
  expected: JsonValue,
  actual: JsonValue | undefined,
  tolerance: number,
): Difference[] {
  return [...compareAt("", { expected, actual, tolerance })];
}

interface Pair {
  readonly expected: JsonValue;
  readonly actual: JsonValue | undefined;
  readonly tolerance: number;
}

function* compareAt(path: string, pair: Pair): Generator<Difference> {
  const { expected, actual, tolerance } = pair;
  if (isList(expected)) {
    if (!isList(actual) || actual.length !== expected.length) {
      yield { path, expected, actual };
      return;
    }
    for (const [i, value] of expected.entries()) {
      const next = { expected: value, actual: actual[i], tolerance };
      yield* compareAt(`${path}[${i}]`, next);
    }
  } else if (isObject(expected)) {
    const found = isObject(actual) ? actual : {};
    for (const [key, value] of Object.entries(expected)) {
      const next = { expected: value, actual: found[key], tolerance };
      yield* compareAt(path === "" ? key : `${path}.${key}`, next);
    }
  } else if (!isSame(expected, actual, tolerance)) {
    yield { path, expected, actual };
  }
}

function isSame(
  expected: JsonValue,
  actual: JsonValue | undefined,
  tolerance: number,
): boolean {
  if (typeof actual === "number" && !Number.isFinite(actual)) {
    // What is not defined is null in the files.
    return expected === null;
  }
  if (typeof expected !== "number" || typeof actual !== "number") {
    return expected === actual;
  }
  return expected === actual || Math.abs(expected - actual) <= tolerance;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
