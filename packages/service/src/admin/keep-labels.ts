import { ApiError, type RuleSet } from "@recsys/contracts";

/**
 * A rule set with the labels that moderators decided as they are live: only
 * decisions on reports change those, neither an edit nor a way back. Throws
 * INVALID_REQUEST for a label that is not live.
 */
export function keepLabels(next: RuleSet, live: RuleSet): RuleSet {
  const known = new Set((live.labels ?? []).map(({ id }) => id));
  const errors = (next.labels ?? []).flatMap(({ id }, i) =>
    known.has(id)
      ? []
      : [
          {
            path: `/labels/${i}`,
            code: "read_only",
            message: `there is no decided label ${id}; decisions on reports make them`,
          },
        ],
  );
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
  return withLabels(next, live);
}

/** The same, whatever labels the set has itself. */
export function withLabels(next: RuleSet, { labels }: RuleSet): RuleSet {
  const kept: { labels?: RuleSet["labels"] } & RuleSet = { ...next };
  delete kept.labels;
  return labels === undefined ? kept : { ...kept, labels };
}
