import type { DecisionRecord, WhyNot } from "@recsys/contracts";

/**
 * In what the answers for every item of the catalogue differ from what the
 * stages recorded when the decision was made; empty when they agree: each
 * listed item is listed at its rank, the candidates taken out by each stage
 * and reason are as many as it counted, those of the sample are the same.
 */
export function checkAbsence(
  record: DecisionRecord,
  answers: readonly WhyNot[],
): string[] {
  return [
    ...checkListed(record, answers),
    ...checkCounts(record, answers),
    ...checkSample(record, answers),
  ];
}

function checkListed(
  { slate }: DecisionRecord,
  answers: readonly WhyNot[],
): string[] {
  const ranks = new Map(slate.map(({ item_id, rank }) => [item_id, rank]));
  const wrong = answers.filter(({ item_id, reason, rank }) => {
    const listed = ranks.get(item_id);
    ranks.delete(item_id);
    return listed === undefined
      ? reason === "listed"
      : reason !== "listed" || rank !== listed;
  });
  return [
    ...wrong.map(
      ({ item_id, reason, rank }) =>
        `${item_id} answers ${reason}${rank === undefined ? "" : ` at ${rank}`}`,
    ),
    ...[...ranks.keys()].map((id) => `${id} was listed and has no answer`),
  ];
}

/** Merging counts offers, not items. */
const NOT_ITEMS = new Set(["duplicate"]);

function checkCounts(
  { stages }: DecisionRecord,
  answers: readonly WhyNot[],
): string[] {
  const left = new Map<string, number>();
  const count = (stage: string, reason: string, by: number): void => {
    const key = `${stage}/${reason}`;
    left.set(key, (left.get(key) ?? 0) + by);
  };
  for (const { stage, removed } of stages) {
    for (const [reason, items] of Object.entries(removed)) {
      if (!NOT_ITEMS.has(reason)) count(stage, reason, items);
    }
  }
  for (const answer of answers) {
    const { stage, reason } = answer.removed_before ?? answer;
    if (!answer.offered || reason === "listed") continue;
    count(stage, reason.split(":")[0] ?? "", -1);
  }
  return [...left].flatMap(([key, difference]) =>
    difference === 0
      ? []
      : [`${key}: ${difference} more were recorded than are answered`],
  );
}

function checkSample(
  { sample }: DecisionRecord,
  answers: readonly WhyNot[],
): string[] {
  if (sample === undefined) return [];
  const byId = new Map(answers.map((each) => [each.item_id, each]));
  return sample.removed.flatMap(({ item_id, stage, reason }) => {
    const found = byId.get(item_id);
    return found?.stage === stage && found.reason === reason
      ? []
      : [
          `${item_id} was removed by ${stage} (${reason}) and answers ${found?.stage ?? "nothing"} (${found?.reason ?? ""})`,
        ];
  });
}
