import type { RecommendRequest } from "./recommend.ts";

/** A named situation with its expectation, run against a served tenant; evidence is kept. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly request: RecommendRequest;
  readonly expect: readonly ScenarioExpectation[];
}

export type ScenarioExpectation =
  | { readonly kind: "contains"; readonly item_id: string }
  | { readonly kind: "lacks"; readonly item_id: string }
  | {
      readonly kind: "position";
      readonly item_id: string;
      readonly rank: number;
    }
  | { readonly kind: "min-items"; readonly count: number };
