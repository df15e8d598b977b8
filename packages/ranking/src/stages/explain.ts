import type { SlateItem } from "@recsys/contracts";
import { featureReader } from "../features/index.ts";
import { partsOf, reasonsOf } from "../reasons.ts";
import { idOf, type Stage, type Work } from "../work.ts";

export const explain: Stage = {
  name: "explain",
  does: "Every item gets its score parts, its reasons in words and its feature values.",
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
    parts: partsOf(work, candidate),
    features: readFeatures(candidate),
    propensity: 1,
  }));
}
