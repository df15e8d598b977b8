import type { DecisionRecord, FeatureRow, SlateItem } from "./decision.ts";
import type { ScorePart } from "./list-answer.ts";

/** What a score is explained from; a decision record has it, and so has a fresh list. */
export type Explainable = Pick<
  DecisionRecord,
  "sources" | "terms" | "features"
>;

/** Name of the feature that holds the calibrated signal of a source. */
export function signalFeature(source: string): string {
  return `signal_${source}`;
}

/**
 * The contributions to an item's score in the order in which they were added,
 * so that their sum is the score to the last bit: weight × calibrated signal
 * of each source, weight × value of each term, then the rule.
 */
export function scoreParts(
  {
    features,
    terms: values = [],
    rule,
  }: Pick<SlateItem, "features" | "terms" | "rule">,
  { sources, terms = [], features: names }: Explainable,
): ScorePart[] {
  const parts: ScorePart[] = [];
  for (const { source, outcome, weight } of sources) {
    if (outcome !== "ok") continue;
    const raw = features[names.indexOf(signalFeature(source))] ?? 0;
    const contribution = weight * raw;
    if (contribution === 0) continue;
    parts.push({ part: source, raw, weight, contribution });
  }
  terms.forEach(({ term, weight }, at) => {
    const raw = values[at] ?? 0;
    const contribution = weight * raw;
    if (contribution !== 0)
      parts.push({ part: term, raw, weight, contribution });
  });
  if (rule !== undefined) {
    parts.push({
      part: `rule:${rule.id}`,
      raw: 1,
      weight: rule.amount,
      contribution: rule.amount,
    });
  }
  return parts;
}

/** Feature values by name. */
function namedFeatures(
  row: FeatureRow,
  names: readonly string[],
): Record<string, number | null> {
  return Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]));
}

/** A decision record as people read it: features by name, and the parts of each score. */
export function explainDecision(record: DecisionRecord) {
  const { features: names, sample, ...rest } = record;
  const named = <T extends { readonly features: FeatureRow }>(item: T) => ({
    ...item,
    features: namedFeatures(item.features, names),
  });
  return {
    ...rest,
    slate: record.slate.map((item) => ({
      ...named(item),
      parts: scoreParts(item, record),
    })),
    ...(sample && {
      sample: { ...sample, candidates: sample.candidates.map(named) },
    }),
  };
}
