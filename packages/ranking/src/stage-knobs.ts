import type { KnobDefinition } from "@recsys/contracts";

/** Knobs of the stages; those of sources stand in the files of the sources. */
export const STAGE_KNOBS: readonly KnobDefinition[] = [
  {
    name: "history.items",
    description:
      "How many of the user's newest items personal sources start from.",
    kind: "number",
    default: 300,
    minimum: 1,
    maximum: 1000,
    integer: true,
    unit: "items",
  },
  {
    name: "history.half_life_scale",
    description:
      "Multiplies the half-life of each event type: below 1 the newest events count more, above 1 old ones last longer.",
    kind: "number",
    default: 1,
    minimum: 0.01,
    maximum: 1000,
    unit: "factor",
  },
  {
    name: "history.weight_power",
    description:
      "How much the decayed weight of an item's events matters: 1 in full, 0 every item of the history counts the same.",
    kind: "number",
    default: 0.5,
    minimum: 0,
    maximum: 1,
    unit: "exponent",
  },
  {
    name: "history.negative_share",
    description:
      "How strongly a disliked item counts against what is like it; 0 ignores dislikes beyond the item itself.",
    kind: "number",
    default: 0.5,
    minimum: 0,
    maximum: 10,
    unit: "weight",
  },
  {
    name: "eligibility.exclude_seen",
    description:
      "What of the user's history may not be listed again: nothing, what was bought, or all.",
    kind: "choice",
    default: "all",
    choices: ["none", "purchased", "all"],
  },
  {
    name: "eligibility.repeat_after_days",
    description:
      "What was bought may be listed again so many days after its last purchase, whatever eligibility.exclude_seen says; 0 for never.",
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 3650,
    unit: "days",
  },
  {
    name: "diversity.mmr_lambda",
    description:
      "Relevance against novelty of each next item (maximal marginal relevance): 1 is relevance alone, 0 novelty alone.",
    kind: "number",
    default: 1,
    minimum: 0,
    maximum: 1,
    unit: "share",
  },
  {
    name: "diversity.window",
    description:
      "How many of the best remaining candidates diversity chooses each next item from.",
    kind: "number",
    default: 100,
    minimum: 1,
    maximum: 1000,
    integer: true,
    unit: "candidates",
  },
  {
    name: "diversity.similarity",
    description:
      "What makes two items alike: their tags, category and brand; the content signal; or attributes where both have any and content otherwise.",
    kind: "choice",
    default: "auto",
    choices: ["auto", "attributes", "content"],
  },
  {
    name: "diversity.calibration",
    description:
      "How much the categories of the list follow those of what the user liked: 0 not at all, 1 nothing else counts.",
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 1,
    unit: "share",
  },
  {
    name: "diversity.max_per_brand",
    description: "Most items of one brand in a list; 0 for no limit.",
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 200,
    integer: true,
    unit: "items",
  },
  {
    name: "diversity.max_per_category",
    description:
      "Most items of one category (the whole path) in a list; 0 for no limit.",
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 200,
    integer: true,
    unit: "items",
  },
  {
    name: "diversity.max_per_provider",
    description: "Most items of one provider in a list; 0 for no limit.",
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 200,
    integer: true,
    unit: "items",
  },
  {
    name: "slots.sponsored_max",
    description: "Most sponsored items in a list, pinned ones too; 0 for none.",
    kind: "number",
    default: 2,
    minimum: 0,
    maximum: 200,
    integer: true,
    unit: "items",
  },
  {
    name: "slots.promoted_share",
    description:
      "Largest part of a list that PIN rules and sponsored items may take together, in whole places rounded down.",
    kind: "number",
    default: 1,
    minimum: 0,
    maximum: 1,
    unit: "share",
  },
];
