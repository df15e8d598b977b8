import type {
  FieldError,
  KnobDefinition,
  KnobValue,
  KnobValues,
} from "@recsys/contracts";
import { sourceDefaults } from "./defaults.ts";
import type { Source } from "./source.ts";
import { SOURCES } from "./sources/index.ts";
import { STAGE_KNOBS } from "./stage-knobs.ts";
import { TERMS } from "./terms/index.ts";
import type { Term } from "./terms/term.ts";

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
