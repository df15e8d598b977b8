import type { ValueType } from "./names.ts";

interface FunctionType {
  /** What each argument may be. */
  readonly args: readonly (readonly ValueType[])[];
  readonly gives: ValueType;
  readonly does: string;
}

const ANY: readonly ValueType[] = [
  "boolean",
  "number",
  "string",
  "list",
  "time",
];

/** Every function of the language; what they compute is in ranking. */
export const FUNCTIONS = {
  exists: {
    args: [ANY],
    gives: "boolean",
    does: "whether the value is there",
  },
  days_since: {
    args: [["time"]],
    gives: "number",
    does: "days from the time until the request",
  },
  length: {
    args: [["list", "string"]],
    gives: "number",
    does: "how many values a list, or characters a text, has",
  },
  lower: {
    args: [["string"]],
    gives: "string",
    does: "the text in lower case",
  },
  min: {
    args: [["number"], ["number"]],
    gives: "number",
    does: "the smaller of two numbers",
  },
  max: {
    args: [["number"], ["number"]],
    gives: "number",
    does: "the larger of two numbers",
  },
  when: {
    args: [["boolean"], ["number"], ["number"]],
    gives: "number",
    does: "the second where the first is true, else the third",
  },
} as const satisfies Readonly<Record<string, FunctionType>>;
export type FunctionName = keyof typeof FUNCTIONS;

export function findFunction(name: string): FunctionType | undefined {
  return Object.hasOwn(FUNCTIONS, name)
    ? FUNCTIONS[name as FunctionName]
    : undefined;
}
