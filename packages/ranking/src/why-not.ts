import type { SlateItem, WhyNot } from "@recsys/contracts";
import { findRemoval } from "./eligibility/filter.ts";
import { addCandidate } from "./pool.ts";
import { STAGES } from "./pipeline.ts";
import { scoreCandidates } from "./stages/score.ts";
import { applyAmounts } from "./stages/rules.ts";
import type { Work } from "./work.ts";

/** For each asked item: its rank, the stage that removed it and why, or that no source offered it. */
export function explainAbsence(
  work: Work,
  slate: readonly SlateItem[],
): WhyNot[] {
  return work.request.whyNot.map((itemId) => ({
    item_id: itemId,
    ...answer(work, itemId, slate),
  }));
}

type Answer = Omit<WhyNot, "item_id">;

function answer(
  work: Work,
  itemId: string,
  slate: readonly SlateItem[],
): Answer {
  const listed = slate.find((each) => each.item_id === itemId);
  if (listed !== undefined) {
    return {
      stage: "slate",
      reason: "listed",
      text: `This item is in the list at rank ${listed.rank}.`,
    };
  }
  const position = work.snapshot.catalogue.positionOf(itemId);
  if (position < 0) {
    return {
      stage: "catalogue",
      reason: "item_unknown",
      text: "This item is not in the catalogue.",
    };
  }
  return findIneligible(work, position) ?? findOutranked(work, position, slate);
}

function findIneligible(work: Work, position: number): Answer | null {
  const filter = findRemoval(work.filters, position);
  if (filter === undefined) return null;
  const detail = filter.detail?.(position);
  return {
    stage: "eligibility",
    reason: detail ?? filter.reason,
    text: `This item ${filter.text}${detail === undefined ? "" : ` (${detail})`}.`,
  };
}

/** The item might have been listed; its score tells by how much it was not. */
function findOutranked(
  work: Work,
  position: number,
  slate: readonly SlateItem[],
): Answer {
  const isNew = (work.pool.candidateAt[position] ?? 0) === 0;
  const candidate = addCandidate(work.pool, position);
  if (isNew) {
    scoreCandidates(work, Int32Array.of(candidate));
    if (work.rules.hasAmounts) applyAmounts(work, Int32Array.of(candidate));
  }
  const score = round(work.pool.columns.score[candidate] ?? 0);
  const last = slate.at(-1);
  const cut =
    last === undefined
      ? "the list is empty"
      : `the last item of the list has ${round(last.score)}`;
  if (isNew) {
    return {
      stage: "sources",
      reason: "not_offered",
      text: `No source offered this item; its score would have been ${score}, ${cut}.`,
    };
  }
  const removal =
    work.removals[(work.pool.columns.removal[candidate] ?? 0) - 1];
  const { stage = "slots", reason = "below_cut" } = removal ?? {};
  const text = STAGES.find(({ name }) => name === stage)?.reasons[reason];
  return {
    stage,
    reason,
    text: `This item ${text ?? reason}: its score is ${score}, ${cut}.`,
  };
}

function round(score: number): number {
  return Number(score.toFixed(6));
}
