import pg from "pg";

/** Object ids of the types in Postgres; they never change. */
const INT8 = 20;
const DATE = 1082;

/**
 * How columns arrive: bigint as a number (an error beyond 2^53, never a
 * silently wrong value), date as text, all else as `pg` has it.
 */
export const columnTypes = new pg.TypeOverrides();
columnTypes.setTypeParser(INT8, toNumber);
columnTypes.setTypeParser(DATE, asIs);

function toNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new Error(`bigint ${text} does not fit a number`);
  }
  return value;
}

function asIs(text: string): string {
  return text;
}
