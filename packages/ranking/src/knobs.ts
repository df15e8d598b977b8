import type {
  FieldError,
  KnobDefinition,
  KnobValue,
  KnobValues,
} from "@recsys/contracts";
import { sourceDefaults } from "./defaults.ts";
import type { Source } from "./source.ts";
import { SOURCES } from "./sources/index.ts";
import { TERMS } from "./terms/index.ts";
import type { Term } from "./terms/term.ts";

/** Knobs of the stages; those of sources stand in the files of the sources. */
const STAGE_KNOBS: readonly KnobDefinition[] = [
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

const SLOT_KNOBS: readonly KnobDefinition[] = [
  {
    name: "slots.exploration",
    description:
      "How many places of a list are for items on trial: new ones, and those that nobody has chosen yet.",
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 50,
    integer: true,
    unit: "items",
  },
  {
    name: "slots.exploration_max_share",
    description: "Most of a list that exploration slots may take.",
    kind: "number",
    default: 0.2,
    minimum: 0,
    maximum: 1,
    unit: "share",
  },
];

/** `<source>.weight` and `<source>.quota`, which every source has. */
function sharedKnobs(source: Source): KnobDefinition[] {
  const { weight, quota } = sourceDefaults(source.name);
  return [
    {
      name: `${source.name}.weight`,
      description: `Factor of the signal of ${source.name} in the score.`,
      kind: "number",
      default: weight,
      minimum: 0,
      maximum: 100,
      unit: "score",
    },
    {
      name: `${source.name}.quota`,
      description: `Most candidates that ${source.name} may offer.`,
      kind: "number",
      default: quota,
      minimum: 0,
      maximum: 5000,
      integer: true,
      unit: "candidates",
    },
  ];
}

/** `<term>.weight`, which every term has. */
function weightOfTerm(term: Term): KnobDefinition {
  return {
    name: `${term.name}.weight`,
    description: `Factor in the score of the term ${term.name}. ${term.description}`,
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 100,
    unit: "score",
  };
}

/** Every knob that configuration, experiments and requests may set. */
export const KNOBS: readonly KnobDefinition[] = [
  ...STAGE_KNOBS,
  ...SLOT_KNOBS,
  ...SOURCES.flatMap((source) => [...sharedKnobs(source), ...source.knobs]),
  ...TERMS.flatMap((term) => [weightOfTerm(term), ...term.knobs]),
];

const KNOBS_BY_NAME: ReadonlyMap<string, KnobDefinition> = new Map(
  KNOBS.map((knob) => [knob.name, knob]),
);

/**
 * Lists every value that may not be set, with its JSON pointer below `path`:
 * unknown knobs, wrong types, values out of range.
 */
export function checkKnobs(values: KnobValues, path = ""): FieldError[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const problem = knobProblem(name, value);
    return problem === null ? [] : [{ path: `${path}/${name}`, ...problem }];
  });
}

/** Why a knob may not have this value; null when it may. */
export function knobProblem(
  name: string,
  value: KnobValue,
): { readonly code: string; readonly message: string } | null {
  const knob = KNOBS_BY_NAME.get(name);
  if (knob === undefined) {
    return { code: "unknown_knob", message: `there is no knob ${name}` };
  }
  switch (knob.kind) {
    case "boolean":
      return typeof value === "boolean"
        ? null
        : { code: "type", message: "must be true or false" };
    case "choice":
      return typeof value === "string" && knob.choices.includes(value)
        ? null
        : {
            code: "choice",
            message: `must be one of ${knob.choices.join(", ")}`,
          };
    case "number":
      return numberProblem(knob, value);
  }
}

function numberProblem(
  knob: Extract<KnobDefinition, { kind: "number" }>,
  value: KnobValue,
): { readonly code: string; readonly message: string } | null {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return { code: "type", message: "must be a number" };
  }
  if (knob.integer === true && !Number.isInteger(value)) {
    return { code: "type", message: "must be a whole number" };
  }
  if (value < knob.minimum || value > knob.maximum) {
    return {
      code: "range",
      message: `must be from ${knob.minimum} to ${knob.maximum}`,
    };
  }
  return null;
}

/** The knobs that a request's `weights` (by source name) stand for. */
export function weightKnobs(
  weights: Readonly<Record<string, number>>,
): KnobValues {
  return Object.fromEntries(
    Object.entries(weights).map(([source, weight]) => [
      `${source}.weight`,
      weight,
    ]),
  );
}
