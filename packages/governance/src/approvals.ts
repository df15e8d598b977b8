import type { Change } from "./change.ts";
import type { ApprovalPolicy, Clause } from "./policy.ts";

/** One person's word on a Change; rows are only ever added. */
export interface Approval {
  readonly principal: string;
  readonly role: string;
  readonly verdict: "approve" | "veto";
  readonly contentHash: string;
  readonly reviewCycle: number;
}

/** Roles of the principals who are active now; whoever is absent has none. */
export type ActiveRoles = ReadonlyMap<string, readonly string[]>;

/** Whether somebody vetoed exactly this content in this cycle. */
export function isVetoed(
  change: Change,
  approvals: readonly Approval[],
): boolean {
  return approvals.some(
    (given) => given.verdict === "veto" && isAbout(given, change),
  );
}

/**
 * Clauses that the approvals do not meet. One person fills one place only, so
 * clauses are met together or not at all: the answer is the fewest that stay
 * unmet, the later ones first to go.
 */
export function unmetClauses(
  change: Change,
  policy: ApprovalPolicy,
  given: {
    readonly approvals: readonly Approval[];
    readonly activeRoles: ActiveRoles;
  },
): readonly Clause[] {
  const usable = given.approvals.filter(
    (row) =>
      row.verdict === "approve" &&
      isAbout(row, change) &&
      (given.activeRoles.get(row.principal) ?? []).includes(row.role),
  );
  return leastUnmet(change, policy.clauses, { usable, used: new Set() });
}

function leastUnmet(
  change: Change,
  [clause, ...rest]: readonly Clause[],
  o: { readonly usable: readonly Approval[]; readonly used: Set<string> },
): readonly Clause[] {
  if (clause === undefined) return [];
  let best: readonly Clause[] = [clause, ...leastUnmet(change, rest, o)];
  for (const people of choices(
    candidates(change, clause, o),
    clause.required,
  )) {
    const used = new Set([...o.used, ...people]);
    const left = leastUnmet(change, rest, { usable: o.usable, used });
    if (left.length < best.length) best = left;
    if (best.length === 0) break;
  }
  return best;
}

function candidates(
  change: Change,
  clause: Clause,
  o: { readonly usable: readonly Approval[]; readonly used: Set<string> },
): string[] {
  const people = o.usable
    .filter(({ role }) => clause.anyOf.includes(role))
    .map(({ principal }) => principal)
    .filter((who) => !o.used.has(who))
    .filter((who) => !(clause.distinctFromAuthor && who === change.author));
  return [...new Set(people)].sort();
}

/** Every set of `size` people; the numbers are small. */
function* choices(
  people: readonly string[],
  size: number,
): Generator<readonly string[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [i, first] of people.entries()) {
    for (const others of choices(people.slice(i + 1), size - 1)) {
      yield [first, ...others];
    }
  }
}

function isAbout(given: Approval, change: Change): boolean {
  return (
    given.contentHash === change.contentHash &&
    given.reviewCycle === change.reviewCycle
  );
}
