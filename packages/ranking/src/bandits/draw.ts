import {
  HOUR_MS,
  hashUnit,
  type ExplorationPolicy,
  type RankRequest,
} from "@recsys/contracts";

/** What a draw hangs on. */
export interface DrawFacts {
  readonly request: Pick<RankRequest, "units">;
  /** Of the request; drawn anew for each. */
  readonly seed: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * A number in [0, 1) for one choice: the same for the same unit and period. A
 * session without id falls back to its user, and a request that names nobody
 * to itself. `purpose` keeps the draws of different choices apart.
 */
export function drawFor(
  purpose: string,
  policy: Pick<ExplorationPolicy, "sticky" | "period_hours">,
  facts: DrawFacts,
): number {
  const { sticky, period_hours } = policy;
  const period = Math.floor(facts.now / (period_hours * HOUR_MS));
  return hashUnit(`${purpose}:${unitOf(sticky, facts)}:${period}`);
}

function unitOf(
  sticky: ExplorationPolicy["sticky"],
  { request: { units = {} }, seed }: DrawFacts,
): string {
  if (sticky === "session" && units.session !== undefined) {
    return `session ${units.session}`;
  }
  if (sticky !== "request" && units.user !== undefined) {
    return `user ${units.user}`;
  }
  return `request ${seed}`;
}
