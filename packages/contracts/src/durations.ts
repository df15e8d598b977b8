export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** A day of 24 hours: ages and windows, not calendar days, are counted in it. */
export const DAY_MS = 24 * HOUR_MS;
/** Unix milliseconds of the last moment that a Date can hold (ECMAScript, "Time Values"); its negative is the first. */
export const LAST_MOMENT_MS = 8.64e15;
