import type { BanditFeature } from "@recsys/contracts";
import {
  holdsWithoutItem,
  measureWithoutItem,
  type ExpressionFacts,
} from "../expression.ts";
import type { Expressions } from "../expressions.ts";

/** Constant 1, then each feature: a condition as 1 or 0, a value held within −1 and 1; 0 where it is missing or does not fit the schema any more. */
export function contextOf(
  features: readonly BanditFeature[] | undefined,
  expressions: Expressions,
  facts: ExpressionFacts,
): readonly number[] {
  return [
    1,
    ...(features ?? []).map((feature) => {
      if ("when" in feature) {
        const condition = expressions.find(feature.when, "condition");
        return condition !== null && holdsWithoutItem(condition, facts) ? 1 : 0;
      }
      const measure = expressions.find(feature.value, "measure");
      const value = measure === null ? 0 : measureWithoutItem(measure, facts);
      return Math.max(-1, Math.min(1, value));
    }),
  ];
}
