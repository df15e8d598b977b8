import type { ComputedNumber } from "@recsys/contracts";
import type { ExposureCounts } from "./exposure-counts.ts";
import type { JudgedList } from "./judged-list.ts";

/** What is known of the items and of the training window. */
export interface CatalogueFacts {
  readonly catalogue: readonly string[];
  /** Users of the training window per item; absent means 0. */
  readonly trainCounts: ReadonlyMap<string, number>;
  /** Users of the training window. */
  readonly nUsers: number;
  readonly categories?: ReadonlyMap<string, readonly string[]>;
  readonly brands?: ReadonlyMap<string, string>;
  readonly vectors?: ReadonlyMap<string, readonly number[]>;
}

/** The first k of one list, and what its user did before. */
export interface ShownList {
  readonly items: readonly string[];
  readonly history?: readonly string[];
  /** What the user wanted: item → gain. */
  readonly truth?: ReadonlyMap<string, number>;
}

interface MetricFacts {
  /** As in `ndcg_binary@10`, without the cut. */
  readonly name: string;
  /** Whether `@k` must, may or cannot follow the name; without it the whole list counts. */
  readonly cut: "required" | "optional" | "none";
  readonly better: "higher" | "lower";
  readonly range: readonly [low: number, high: number];
}

/** Compares one list with what its user wanted; averaged over users. */
export interface AccuracyMetric extends MetricFacts {
  readonly kind: "accuracy";
  readonly score: (list: JudgedList, k: number) => number;
}

/** Looks at one list alone; null where it is not defined; averaged over lists. */
export interface ListMetric extends MetricFacts {
  readonly kind: "list";
  readonly needs: readonly ("categories" | "vectors")[];
  readonly score: (
    list: ShownList,
    facts: CatalogueFacts,
    k: number,
  ) => number | null;
}

/** What one user adds to the two sums of a ratio metric. */
export interface RatioParts {
  readonly numerator: number;
  readonly denominator: number;
}

/** A quotient of two sums over users, such as a weighted mean or a relative lift; null leaves the user out. */
export interface RatioMetric extends MetricFacts {
  readonly kind: "ratio";
  readonly parts: (
    list: ShownList,
    facts: CatalogueFacts,
    k: number,
  ) => RatioParts | null;
}

/** Looks at all lists together. */
export interface ExposureMetric extends MetricFacts {
  readonly kind: "exposure";
  readonly value: (
    counts: ExposureCounts,
    facts: CatalogueFacts,
    k: number,
  ) => ComputedNumber;
}

export type Metric = AccuracyMetric | ListMetric | RatioMetric | ExposureMetric;
