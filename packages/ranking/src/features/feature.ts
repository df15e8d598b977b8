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

/** A value that is the same for all candidates of a request. */
export interface RequestFeature extends FeatureCard {
  readonly of: "request";
  value(work: Work): number | null;
}

/** A value of one candidate. */
export interface CandidateFeature extends FeatureCard {
  readonly of: "candidate";
  value(work: Work, position: number): number | null;
}

export type Feature = RequestFeature | CandidateFeature;

/** JSON knows no NaN: what is not a number is missing. */
export function numberOrNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
