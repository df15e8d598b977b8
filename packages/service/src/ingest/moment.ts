import type { FieldError } from "@recsys/contracts";

const PARTS = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})/;

/** Unix milliseconds of an RFC 3339 time; NaN where it names no moment, such as 30 February. */
export function toMoment(timestamp: string): number {
  const parts = PARTS.exec(timestamp);
  if (parts === null) return NaN;
  const [year = 0, month = 0, day = 0] = parts.slice(1, 4).map(Number);
  // Date.parse takes 30 February for 1 March.
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  return Date.parse(timestamp.toUpperCase().replace(" ", "T"));
}

/** An error for each of the named fields that is a time but no moment. */
export function momentErrors<T extends object>(
  row: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  return fields.flatMap((field) => {
    const value = row[field];
    return typeof value === "string" && Number.isNaN(toMoment(value))
      ? [
          {
            path: `/${field}`,
            code: "time",
            message: "is no moment of the calendar",
          },
        ]
      : [];
  });
}
