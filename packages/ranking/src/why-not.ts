import type { SlateItem, WhyNot } from "@recsys/contracts";
import { findRemoval } from "./eligibility/filter.ts";
import { addCandidate } from "./pool.ts";
import { STAGES } from "./pipeline.ts";
import { scoreCandidates } from "./stages/score.ts";
import { applyAmounts } from "./stages/rules.ts";
import type { Removal, Work } from "./work.ts";

/**
 * For each asked item: its rank, the stage that removed it and why, or that no
 * source offered it. Linear in the items: the whole catalogue may be asked.
 */
export function explainAbsence(
  work: Work,
  slate: readonly SlateItem[],
): WhyNot[] {
  const { whyNot } = work.request;
  const places = new Map(slate.map((each) => [each.item_id, each]));
  const cut = slate.at(-1)?.score ?? null;
  const { catalogue } = work.snapshot;
  const positions = whyNot.map((itemId) => catalogue.positionOf(itemId));
  const answers = whyNot.map((itemId, at) => {
    const listed = places.get(itemId);
    return listed === undefined
      ? answer(work, { itemId, position: positions[at] ?? -1 }, cut)
      : answerListed(work, listed);
  });
  const scores = scoreUnoffered(
    work,
    positions.filter((_, at) => answers[at] === null),
  );
  return whyNot.map(
    (itemId, at) =>
      answers[at] ??
      notOffered(itemId, scores.get(positions[at] ?? -1) ?? 0, cut),
  );
}

function answerListed(work: Work, { item_id, rank, score }: SlateItem): WhyNot {
  const candidate = candidateAt(
    work,
    work.snapshot.catalogue.positionOf(item_id),
  );
  const before = work.returned.get(candidate);
  return {
    item_id,
    stage: "slate",
    reason: "listed",
    text:
      before === undefined
        ? `This item is in the list at rank ${rank}.`
        : `This item is in the list at rank ${rank}: it was taken out first (it ${textOf(before)}), and came back because nothing else was left.`,
    offered: true,
    rank,
    score,
    ...(before === undefined ? {} : { removed_before: before }),
  };
}

/** -1 where the item is no candidate. */
function candidateAt({ pool }: Work, position: number): number {
  return (pool.candidateAt[position] ?? 0) - 1;
}

/** Null for what no source offered: its score is not known yet. */
function answer(
  work: Work,
  asked: { readonly itemId: string; readonly position: number },
  cut: number | null,
): WhyNot | null {
  const { itemId: item_id, position } = asked;
  if (position < 0) {
    return {
      item_id,
      stage: "catalogue",
      reason: "item_unknown",
      text: "This item is not in the catalogue.",
      offered: false,
    };
  }
  const candidate = candidateAt(work, position);
  const removal =
    candidate < 0
      ? undefined
      : work.removals[(work.pool.columns.removal[candidate] ?? 0) - 1];
  // Most of a catalogue was never offered, and what was offered and passed needs no second test.
  if (candidate < 0 || removal?.stage === "eligibility") {
    const found = findIneligible(work, position);
    if (found !== null) return { item_id, ...found, offered: candidate >= 0 };
  }
  if (candidate < 0) return null;
  const { stage = "slots", reason = "below_cut" } = removal ?? {};
  const score = work.pool.columns.score[candidate] ?? 0;
  return {
    item_id,
    stage,
    reason,
    text: `This item ${textOf({ stage, reason })}: its score is ${round(score)}, ${cutText(cut)}.`,
    offered: true,
    ...scored(score, cut),
    ...causeOf(work, reason, position),
  };
}

function textOf({ stage, reason }: Removal): string {
  return (
    STAGES.find(({ name }) => name === stage)?.reasons[reason] ??
    `was taken out (${reason})`
  );
}

function findIneligible(
  work: Work,
  position: number,
): Omit<WhyNot, "item_id" | "offered"> | null {
  const filter = findRemoval(work.filters, position);
  if (filter === undefined) return null;
  const detail = filter.detail?.(position);
  const reason = detail ?? filter.reason;
  const id = reason.slice(filter.reason.length + 1);
  return {
    stage: "eligibility",
    reason,
    text: `This item ${filter.text}${detail === undefined ? "" : ` (${detail})`}.`,
    ...(id === "" ? {} : { cause: id }),
  };
}

/** For a cap what of the item it counts, for floors which of them lifted something. */
function causeOf(
  { snapshot, request, floors }: Work,
  reason: string,
  position: number,
): Pick<WhyNot, "cause"> {
  const item = snapshot.catalogue.items[position];
  if (!item) return {};
  const cause = (text: string | undefined, name: string) =>
    text === undefined || text === "" ? {} : { cause: `${name}=${text}` };
  switch (reason) {
    case "cap_brand":
      return cause(item.brand, "brand");
    case "cap_category":
      return cause(item.category.join("/"), "category");
    case "cap_provider":
      return cause(item.provider_id, "provider_id");
    case "cap_attribute": {
      const names = Object.keys(request.constraints.max_per_attribute ?? {});
      return cause(names.join(","), "attribute");
    }
    case "floor":
      return cause(
        floors
          .filter(({ lifted }) => lifted.length > 0)
          .map(({ floor }) => floor)
          .join(","),
        "floor",
      );
    default:
      return {};
  }
}

/** So many at a time, so that the pool need not grow to the size of the catalogue. */
const BATCH = 512;

/** Scores of what nobody offered, as if it had been, by catalogue position. */
function scoreUnoffered(
  work: Work,
  repeated: readonly number[],
): ReadonlyMap<number, number> {
  const positions = [...new Set(repeated)];
  const found = new Map<number, number>();
  for (let start = 0; start < positions.length; start += BATCH) {
    const batch = positions.slice(start, start + BATCH);
    const scores = scoresOf(work, batch);
    batch.forEach((position, i) => found.set(position, scores[i] ?? 0));
  }
  return found;
}

function notOffered(
  item_id: string,
  score: number,
  cut: number | null,
): WhyNot {
  return {
    item_id,
    stage: "sources",
    reason: "not_offered",
    text: `No source offered this item; its score would have been ${round(score)}, ${cutText(cut)}.`,
    offered: false,
    ...scored(score, cut),
  };
}

/** Scores of items that are no candidates; the pool is as before when it returns. */
function scoresOf(work: Work, positions: readonly number[]): number[] {
  const { pool } = work;
  const before = pool.count;
  const candidates = Int32Array.from(positions, (position) =>
    addCandidate(pool, position),
  );
  scoreCandidates(work, candidates);
  if (work.rules.hasAmounts) applyAmounts(work, candidates);
  const scores = Array.from(
    candidates,
    (candidate) => pool.columns.score[candidate] ?? 0,
  );
  for (const position of positions) pool.candidateAt[position] = 0;
  pool.count = before;
  return scores;
}

function scored(
  score: number,
  cut: number | null,
): Pick<WhyNot, "score" | "missed_by"> {
  return cut === null ? { score } : { score, missed_by: cut - score };
}

function cutText(cut: number | null): string {
  return cut === null
    ? "the list is empty"
    : `the last item of the list has ${round(cut)}`;
}

function round(score: number): number {
  return Number(score.toFixed(6));
}
