import type { RankRequest, Reason, UserState } from "@recsys/contracts";
import { rank, type Snapshot } from "@recsys/ranking";
import type { AudiencePerson } from "@recsys/store";
import { EMPTY_STATE } from "./user-states.ts";

export interface InterestedPerson {
  readonly person: AudiencePerson;
  readonly score: number;
  readonly reasons: readonly Reason[];
}

export interface AudienceQuestion {
  /** The item alone as candidate, with the knobs that decide who may have it. */
  readonly request: RankRequest;
  readonly snapshot: Snapshot;
  readonly now: number;
}

/** People that are scored before others are served. */
const AT_ONCE = 20;

/** The score that somebody has of whom nothing is known, or why nobody may be shown the item. */
export function scoreOfNobody(
  question: AudienceQuestion,
): { readonly score: number } | { readonly refusal: string } {
  const { request } = question;
  const result = rankFor(question, EMPTY_STATE, request.include ?? []);
  const [listed] = result.slate;
  if (listed !== undefined) return { score: listed.score };
  return { refusal: result.whyNot[0]?.text ?? "It may not be listed." };
}

/**
 * Those who would score the item higher than somebody unknown, best first:
 * by the very ranking that would list it for them. Lets others be served in
 * between.
 */
export async function scoreAudience(
  question: AudienceQuestion,
  people: readonly AudiencePerson[],
  scoreOfUnknown: number,
): Promise<readonly InterestedPerson[]> {
  const found: InterestedPerson[] = [];
  for (const [i, person] of people.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [listed] = rankFor(question, person.state, []).slate;
    if (listed === undefined || listed.score <= scoreOfUnknown) continue;
    const { score, reasons } = listed;
    found.push({ person, score, reasons });
  }
  return found.sort(
    (a, b) =>
      b.score - a.score || (a.person.userKey < b.person.userKey ? -1 : 1),
  );
}

function rankFor(
  { request, snapshot, now }: AudienceQuestion,
  userState: UserState,
  whyNot: readonly string[],
) {
  return rank({
    request: { ...request, whyNot },
    snapshot,
    userState,
    now,
    seed: 0,
  });
}
