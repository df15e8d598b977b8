import type { Reason } from "@recsys/contracts";
import { isSponsored } from "./caps.ts";
import { SOURCES } from "./sources/index.ts";
import type { ActiveSource, FilledBy, Work } from "./work.ts";

/** How many signals are named as reasons of one item. */
const MOST_REASONS = 2;

/** Texts of the reasons that no source gives. */
const OTHER_TEXTS = {
  backfill_popular: "Popular with other customers",
  backfill_fallback: "A favourite of the shop",
  backfill_catalogue: "From the catalogue",
  boosted: "Recommended by the shop",
  sponsored: "Sponsored",
} as const;

/** Every reason code with its text, from the files of the sources. */
export const REASON_TEXTS: Readonly<Record<string, string>> =
  Object.fromEntries([
    ...Object.entries(OTHER_TEXTS),
    ...SOURCES.flatMap(({ reasons }) => Object.entries(reasons)),
  ]);

/** Why a candidate is in the list: its pin, then what contributed most, then how the place was filled. */
export function reasonsOf(work: Work, candidate: number): Reason[] {
  const reasons: Reason[] = [];
  const pin = work.placements.find((each) => each.candidate === candidate);
  if (pin !== undefined) {
    reasons.push({
      code: "pinned",
      text: REASON_TEXTS["pinned"] ?? "",
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
  const filled = fillReason(work.filledBy.get(candidate));
  if (filled !== null && reasons.length === 0) reasons.push(filled);
  const applied =
    work.rules.compiled.rules[(work.pool.columns.rule[candidate] ?? 0) - 1];
  if (applied?.rule.action === "BOOST") {
    reasons.push({
      code: "boosted",
      text: OTHER_TEXTS.boosted,
      rule_id: applied.rule.id,
    });
  }
  if (reasons.length === 0) {
    const offered = offeredBy(work, candidate);
    reasons.push(
      offered === undefined
        ? { code: "backfill_catalogue", text: OTHER_TEXTS.backfill_catalogue }
        : sourceReason(work, offered, candidate),
    );
  }
  return isSponsored(work, candidate) ? [SPONSORED, ...reasons] : reasons;
}

const SPONSORED: Reason = { code: "sponsored", text: OTHER_TEXTS.sponsored };

/** It stands here because it drew the place. */
function trialReason({ cold, pool }: Work, candidate: number): Reason {
  const isNew = cold?.isNew(pool.columns.position[candidate] ?? 0) === true;
  const code = isNew ? "exploration_new" : "exploration_trial";
  return { code, text: REASON_TEXTS[code] ?? "", source: "exploration" };
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
  const text = (source.reasons[code] ?? "").replace(
    "{anchor}",
    // A function, because `$&` in a title would be taken for a pattern.
    () => anchor?.title ?? "another item",
  );
  const reason = { code, text, source: source.name };
  return why?.anchor === undefined
    ? reason
    : {
        ...reason,
        anchor_item_id: work.snapshot.catalogue.ids[why.anchor] ?? "",
      };
}

function fillReason(by: FilledBy | undefined): Reason | null {
  switch (by) {
    case undefined:
    case "relaxed":
      return null;
    case "popularity":
      return {
        code: "backfill_popular",
        text: OTHER_TEXTS.backfill_popular,
        source: "popularity",
      };
    case "fallback":
      return {
        code: "backfill_fallback",
        text: OTHER_TEXTS.backfill_fallback,
      };
    case "catalogue":
      return {
        code: "backfill_catalogue",
        text: OTHER_TEXTS.backfill_catalogue,
      };
  }
}
