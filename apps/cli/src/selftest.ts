import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ApiError, messageOf } from "@recsys/contracts";
import {
  checkVectors,
  type CheckedCase,
  type Difference,
  type JsonValue,
} from "@recsys/evaluation";
import { EXIT, type ExitCode, type Io } from "./io.ts";

/** The check values that the package of evaluation ships. */
export function shippedVectors(): string {
  const door = createRequire(import.meta.url).resolve("@recsys/evaluation");
  return join(dirname(door), "..", "vectors");
}

/** Recomputes every file of the folder, prints each difference and, last, `N passed, N failed`. */
export function recomputeVectors(
  io: Io,
  { folder, json }: { readonly folder: string; readonly json: boolean },
): ExitCode {
  const cases = vectorFiles(folder).flatMap((name) =>
    readCases(join(folder, name)),
  );
  const failed = cases.filter(({ differences }) => differences.length > 0);
  const passed = cases.length - failed.length;
  if (json) {
    io.out(JSON.stringify({ passed, failed: failed.length, cases: failed }));
  } else {
    for (const line of failed.flatMap(differenceLines)) io.out(line);
    io.out(`${passed} passed, ${failed.length} failed`);
  }
  return failed.length === 0 ? EXIT.ok : EXIT.fail;
}

function vectorFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw unreadable(folder, messageOf(error));
  }
  const files = names.filter((name) => name.endsWith(".json")).sort();
  if (files.length === 0) throw unreadable(folder, "it holds no .json file");
  return files;
}

function readCases(path: string): CheckedCase[] {
  try {
    return checkVectors(JSON.parse(readFileSync(path, "utf8")) as JsonValue);
  } catch (error) {
    throw unreadable(path, messageOf(error));
  }
}

function unreadable(path: string, because: string): ApiError {
  return new ApiError("INVALID_REQUEST", { detail: `${path}: ${because}` });
}

function differenceLines({ file, name, differences }: CheckedCase): string[] {
  return differences.map((difference) => {
    const { path, expected, actual } = difference;
    const place = path === "" ? "" : ` ${path}`;
    const values = `expected ${shown(expected)}, computed ${shown(actual)}`;
    return `${file}, ${name}:${place} ${values}${offBy(difference)}`;
  });
}

function offBy({ expected, actual }: Difference): string {
  if (typeof expected !== "number" || typeof actual !== "number") return "";
  return `, off by ${Math.abs(actual - expected).toExponential(2)}`;
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
