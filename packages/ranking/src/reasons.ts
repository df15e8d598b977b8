import type { Reason } from "@recsys/contracts";
import { isSponsored } from "./caps.ts";
import { UNTITLED } from "./reason-translations.ts";
import { reasonTexts } from "./reason-texts.ts";
import type { ActiveSource, FilledBy, Work } from "./work.ts";

/** How many signals are named as reasons of one item. */
const MOST_REASONS = 2;

/** Why a candidate is in the list: its pin, then what contributed most, then how the place was filled. */
export function reasonsOf(work: Work, candidate: number): Reason[] {
  const reasons: Reason[] = [];
  const pin = work.placements.find((each) => each.candidate === candidate);
  if (pin !== undefined) {
    reasons.push({
      code: "pinned",
      text: textOf(work, "pinned"),
      source: "pinned",
      rule_id: pin.ruleId,
    });
  }
  const isExplored = work.explored.some((each) => each.candidate === candidate);
  if (isExplored) reasons.push(trialReason(work, candidate));
  for (const source of strongest(work, candidate)) {
    if (source.source.name === "pinned" && pin !== undefined) continue;
    if (source.source.name === "exploration" && isExplored) continue;
    reasons.push(sourceReason(work, source, candidate));
  }
  const filled = fillReason(work, work.filledBy.get(candidate));
  if (filled !== null && reasons.length === 0) reasons.push(filled);
  const applied =
    work.rules.compiled.rules[(work.pool.columns.rule[candidate] ?? 0) - 1];
  if (applied?.rule.action === "BOOST") {
    reasons.push({
      code: "boosted",
      text: textOf(work, "boosted"),
      rule_id: applied.rule.id,
    });
  }
  if (reasons.length === 0) {
    const offered = offeredBy(work, candidate);
    reasons.push(
      offered === undefined
        ? plainReason(work, "backfill_catalogue")
        : sourceReason(work, offered, candidate),
    );
  }
  return isSponsored(work, candidate)
    ? [plainReason(work, "sponsored"), ...reasons]
    : reasons;
}

/** The text of a code in the language of the request. */
function textOf({ snapshot, request }: Work, code: string): string {
  return reasonTexts(snapshot.config, request.locale)[code] ?? "";
}

function plainReason(work: Work, code: string): Reason {
  return { code, text: textOf(work, code) };
}

/** It stands here because it drew the place. */
function trialReason(work: Work, candidate: number): Reason {
  const { cold, pool } = work;
  const isNew = cold?.isNew(pool.columns.position[candidate] ?? 0) === true;
  const code = isNew ? "exploration_new" : "exploration_trial";
  return { ...plainReason(work, code), source: "exploration" };
}

/** The sources with the largest contributions above zero; of equals the first in the list of sources. */
function strongest(work: Work, candidate: number): ActiveSource[] {
  const { signals, capacity } = work.pool.columns;
  const best: ActiveSource[] = [];
  const values: number[] = [];
  for (let s = 0; s < work.active.length; s++) {
    const active = work.active[s];
    const raw = signals[s * capacity + candidate] ?? 0;
    const value = (active?.weight ?? 0) * raw;
    if (active === undefined || value <= 0) continue;
    let at = best.length;
    while (at > 0 && (values[at - 1] ?? 0) < value) at--;
    if (at >= MOST_REASONS) continue;
    best.splice(at, 0, active);
    values.splice(at, 0, value);
  }
  best.length = Math.min(best.length, MOST_REASONS);
  return best;
}

function offeredBy(work: Work, candidate: number): ActiveSource | undefined {
  const bits = work.pool.columns.offeredBy[candidate] ?? 0;
  return work.active.find(({ bit }) => (bits & bit) !== 0);
}

function sourceReason(
  work: Work,
  { source, offer }: ActiveSource,
  candidate: number,
): Reason {
  const position = work.pool.columns.position[candidate] ?? 0;
  const why = offer.reasonOf?.(position);
  const code = why?.code ?? Object.keys(source.reasons)[0] ?? source.name;
  const anchor =
    why?.anchor === undefined
      ? null
      : (work.snapshot.catalogue.items[why.anchor] ?? null);
  const text = textOf(work, code).replace(
    "{anchor}",
    // A function, because `$&` in a title would be taken for a pattern.
    () => anchor?.title ?? textOf(work, UNTITLED),
  );
  const reason = { code, text, source: source.name };
  return why?.anchor === undefined
    ? reason
    : {
        ...reason,
        anchor_item_id: work.snapshot.catalogue.ids[why.anchor] ?? "",
      };
}

function fillReason(work: Work, by: FilledBy | undefined): Reason | null {
  switch (by) {
    case undefined:
    case "relaxed":
      return null;
    case "popularity":
      return {
        ...plainReason(work, "backfill_popular"),
        source: "popularity",
      };
    case "fallback":
      return plainReason(work, "backfill_fallback");
    case "catalogue":
      return plainReason(work, "backfill_catalogue");
  }
}
