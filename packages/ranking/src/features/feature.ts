import type { Work } from "../work.ts";

/** What everybody who trains on, explains or deletes a feature needs to know of it. */
interface FeatureCard {
  /** Snake case; the key in decision records. Never reused for another meaning. */
  readonly name: string;
  readonly definition: string;
  readonly unit: string;
  readonly owner: string;
  /** Where the value comes from. */
  readonly source: string;
  /** How old the value can be at decision time. */
  readonly freshness: string;
  /** What a trainer puts where the value is null. */
  readonly default: number;
  /** When the value is null. */
  readonly missing: string;
  readonly privacy: "item" | "personal" | "context";
}

/** The value of one candidate, which has a number in the pool and a position in the catalogue. */
export type ReadValue = (candidate: number, position: number) => number | null;

export interface Feature extends FeatureCard {
  /** Called once for a request, when all candidates are scored: what is the same for all of them is found here. */
  prepare(work: Work): ReadValue;
}

/** JSON knows no NaN: what is not a number is missing. */
export function numberOrNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
