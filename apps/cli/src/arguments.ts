import { InvalidArgumentError } from "commander";

/** A positive whole number of the command line, or an error that names the option. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("A whole number of at least 1 is needed.");
  }
  return value;
}

/** Any number of the command line. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new InvalidArgumentError("A number is needed.");
  }
  return value;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An id that the product made, in lower case as it is stored. */
export function uuid(text: string): string {
  const id = text.toLowerCase();
  if (!UUID.test(id)) {
    throw new InvalidArgumentError(
      "An id such as 0198c5a4-77aa-7c1d-9e6f-2b4f0c9d8e7a is needed.",
    );
  }
  return id;
}

/** `a=b,c=d` as a record; may be given several times. */
export function pairs(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const found: Record<string, string> = { ...before };
  for (const pair of text.split(",")) {
    const [name = "", ...value] = pair.split("=");
    if (name === "" || value.length === 0) {
      throw new InvalidArgumentError(
        `"${pair}" is not of the form name=value.`,
      );
    }
    found[name] = value.join("=");
  }
  return found;
}

/** `a,b` as a list; may be given several times. */
export function names(
  text: string,
  before: readonly string[] = [],
): readonly string[] {
  return [...before, ...text.split(",").filter((name) => name !== "")];
}

/** A time of the command line: a date or RFC 3339, Unix milliseconds. */
export function moment(text: string): number {
  const ms = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms)) {
    throw new InvalidArgumentError("A date such as 2026-01-31 is needed.");
  }
  return ms;
}

/** Unix milliseconds as people read them. */
export function timeText(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}
