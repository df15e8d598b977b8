import type { SlateItem } from "@recsys/contracts";
import { isSponsored } from "../caps.ts";
import { featureReader } from "../features/index.ts";
import { reasonsOf } from "../reasons.ts";
import { amountOf } from "../rules.ts";
import { idOf, type Stage, type Work } from "../work.ts";

export const explain: Stage = {
  name: "explain",
  does: "Every item gets its reasons in words, and the feature values that its score is made of.",
  reasons: {},
  run(work) {
    work.slate = makeSlate(work);
  },
};

function makeSlate(work: Work): SlateItem[] {
  const readFeatures = featureReader(work);
  const { score } = work.pool.columns;
  return Array.from(work.alive, (candidate, at) => ({
    item_id: idOf(work, candidate),
    rank: at + 1,
    score: score[candidate] ?? 0,
    reasons: reasonsOf(work, candidate),
    features: readFeatures(candidate),
    ...termsOf(work, candidate),
    ...ruleOf(work, candidate),
    ...(isSponsored(work, candidate) ? { sponsored: true as const } : {}),
    ...drawOf(work, candidate),
  }));
}

/** With which probability it stands here, and how that was found where it was drawn. */
function drawOf(
  { explored }: Work,
  candidate: number,
): Pick<SlateItem, "propensity" | "exploration"> {
  const found = explored.find((each) => each.candidate === candidate);
  if (found === undefined) return { propensity: 1 };
  const { propensity, exploration } = found;
  return { propensity, exploration };
}

/** The value of each active term, in their order. */
export function termsOf(
  { terms, pool }: Work,
  candidate: number,
): Pick<SlateItem, "terms"> {
  if (terms.length === 0) return {};
  const position = pool.columns.position[candidate] ?? 0;
  return { terms: terms.map(({ valueOf }) => valueOf(position)) };
}

function ruleOf(work: Work, candidate: number): Pick<SlateItem, "rule"> {
  const { rule: ruleOf, position } = work.pool.columns;
  const number = (ruleOf[candidate] ?? 0) - 1;
  const applied = work.rules.compiled.rules[number];
  const item = work.snapshot.catalogue.items[position[candidate] ?? 0];
  if (applied === undefined || !item) return {};
  const amount = amountOf(work.rules, number, item);
  return { rule: { id: applied.rule.id, amount } };
}
