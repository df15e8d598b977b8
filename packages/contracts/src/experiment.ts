import Type, { type Static } from "typebox";
import { SlugName, Timestamp } from "./ids.ts";
import { KnobValues } from "./knobs.ts";

/** An experiment as configuration: who takes part, in which variant, with which knobs. */
export const ExperimentDefinition = Type.Object(
  {
    id: SlugName,
    owner: Type.String({ minLength: 1, maxLength: 200 }),
    hypothesis: Type.String({ minLength: 1, maxLength: 1000 }),
    surface: Type.Optional(SlugName),
    unit: Type.Union([
      Type.Literal("user"),
      Type.Literal("session"),
      Type.Literal("tenant"),
    ]),
    salt: Type.String({ minLength: 1, maxLength: 64 }),
    variants: Type.Array(
      Type.Object(
        {
          name: SlugName,
          weight: Type.Number({ minimum: 0 }),
          knobs: KnobValues,
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 20 },
    ),
    starts_at: Type.Optional(Timestamp),
    ends_at: Type.Optional(Timestamp),
  },
  { additionalProperties: false },
);
export type ExperimentDefinition = Static<typeof ExperimentDefinition>;
