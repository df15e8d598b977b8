import { DAY_MS, LAST_MOMENT_MS } from "@recsys/contracts";

/** Unix numbers below this are seconds, from it on milliseconds (as seconds it would be the year 5138). */
const FIRST_MILLISECONDS = 1e11;

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Unix milliseconds of a time as files write it: RFC 3339; without a zone
 * (local time of an unknown place) read as UTC; a bare date is its midnight;
 * a number is Unix seconds or milliseconds. Undefined when it is none of these.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^\d{1,16}(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [, date = "", minutes = "00:00", seconds = ":00", zone = "Z"] = parts;
  const ms = Date.parse(`${date}T${minutes}${seconds}${zoneOf(zone)}`);
  return Number.isNaN(ms) ? undefined : ms;
}

function zoneOf(zone: string): string {
  if (zone.toUpperCase() === "Z") return "Z";
  return zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined;
  const ms = Math.round(value < FIRST_MILLISECONDS ? value * 1000 : value);
  return ms <= LAST_MOMENT_MS ? ms : undefined;
}

/** The time, moved by whole days, as RFC 3339. */
export function shifted(ms: number, offsetDays: number): string {
  return new Date(ms + offsetDays * DAY_MS).toISOString();
}

/**
 * Whole weeks, in days, that bring the last day of a set to the day of `now`,
 * or up to six days before it where the weekdays differ: weekdays stay what
 * they were and nothing comes to lie in the future.
 */
export function weeksToNow(lastMs: number, now: number): number {
  const days = Math.floor(now / DAY_MS) - Math.floor(lastMs / DAY_MS);
  const weeks = Math.floor(days / 7) * 7;
  return lastMs + weeks * DAY_MS > now ? weeks - 7 : weeks;
}
