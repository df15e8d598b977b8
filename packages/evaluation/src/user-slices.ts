import type { SliceEstimates } from "@recsys/contracts";
import type { BootstrapOptions } from "./bootstrap.ts";
import { estimateMetrics } from "./estimates.ts";
import type { CatalogueFacts } from "./metric.ts";
import type { ParsedMetric } from "./parse-metric.ts";
import type { EvaluatedUser } from "./score-user.ts";
import { createSliceGroups } from "./slices.ts";
import type { UserScores } from "./user-scores.ts";

/** Slices of users, such as segments: each group keeps the ids of its users. */
export function createUserSlices(metrics: readonly ParsedMetric[]) {
  const groups = createSliceGroups<string[]>(() => []);
  return {
    add({ userId, slices = {} }: EvaluatedUser): void {
      for (const { content } of groups.of(slices)) content.push(userId);
    },
    estimates(
      scores: UserScores,
      bootstrap: BootstrapOptions,
      facts: CatalogueFacts,
    ): SliceEstimates[] {
      const position = new Map(scores.users.map((user, at) => [user, at]));
      return groups.sorted().map(({ key, value, content }) => {
        const positions = content
          .map((user) => position.get(user) ?? -1)
          .sort((a, b) => a - b);
        const o = { bootstrap, facts, positions };
        const estimates = estimateMetrics(metrics, scores, o);
        return { of: "users", key, value, metrics: estimates };
      });
    },
  };
}
