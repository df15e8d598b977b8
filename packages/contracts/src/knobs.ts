import Type, { type Static } from "typebox";

/** A tunable of ranking that configuration and requests may set. */
export type KnobDefinition = {
  /** Dotted name, such as `item_knn.weight` or `diversity.mmr_lambda`. */
  readonly name: string;
  readonly description: string;
} & (
  | {
      readonly kind: "number";
      readonly default: number;
      readonly minimum: number;
      readonly maximum: number;
      readonly integer?: boolean;
      readonly unit: string;
    }
  | { readonly kind: "boolean"; readonly default: boolean }
  | {
      readonly kind: "choice";
      readonly default: string;
      readonly choices: readonly string[];
    }
);

export const KnobValues = Type.Record(
  Type.String({ pattern: "^[a-z][a-z0-9_.-]{0,127}$" }),
  Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 64 })]),
  { additionalProperties: false },
);
export type KnobValue = number | boolean | string;
export type KnobValues = Readonly<Static<typeof KnobValues>>;

/** From weakest to strongest; the last layer that sets a knob wins. */
export const KNOB_LAYERS = [
  "default",
  "tenant",
  "namespace",
  "surface",
  "segment",
  "experiment",
  "request",
] as const;
export type KnobLayer = (typeof KNOB_LAYERS)[number];

/** The value in force and where it came from. */
export interface EffectiveKnob {
  readonly name: string;
  readonly value: KnobValue;
  readonly layer: KnobLayer;
}
