import type { SliceEstimates } from "@recsys/contracts";
import type { BootstrapOptions } from "./bootstrap.ts";
import { estimateMetrics } from "./estimates.ts";
import { judgeList } from "./judged-list.ts";
import type { CatalogueFacts } from "./metric.ts";
import type { ParsedMetric } from "./parse-metric.ts";
import { columnsOf, scoreUser, type EvaluatedUser } from "./score-user.ts";
import { createSliceGroups, type SliceValues } from "./slices.ts";
import { createScoreTable } from "./user-scores.ts";

/**
 * Slices of wanted items, such as cold ones: in each, only its items count as
 * relevant, and only users who wanted one of them are scored.
 */
export function createItemSlices(
  metrics: readonly ParsedMetric[],
  itemSlices: ReadonlyMap<string, SliceValues>,
) {
  const accuracy = metrics.filter(({ metric }) => metric.kind === "accuracy");
  const keys = accuracy.flatMap(columnsOf);
  const groups = createSliceGroups(() => createScoreTable(keys));
  return {
    add(user: EvaluatedUser, facts: CatalogueFacts): void {
      const wanted = new Map<
        ReturnType<typeof createScoreTable>,
        Map<string, number>
      >();
      for (const [item, gain] of user.truth) {
        for (const { content } of groups.of(itemSlices.get(item) ?? {})) {
          const part = wanted.get(content) ?? new Map<string, number>();
          wanted.set(content, part.set(item, gain));
        }
      }
      for (const [table, truth] of wanted) {
        const judged = judgeList(user.ranking, truth);
        if (judged === null) continue;
        const o = { user, judged, facts };
        const values = accuracy.flatMap((metric) => scoreUser(metric, o));
        table.addUser(user.userId, values);
      }
    },
    estimates(
      bootstrap: BootstrapOptions,
      facts: CatalogueFacts,
    ): SliceEstimates[] {
      return groups.sorted().map(({ key, value, content }) => ({
        of: "items",
        key,
        value,
        metrics: estimateMetrics(accuracy, content.finish(), {
          bootstrap,
          facts,
        }),
      }));
    },
  };
}
