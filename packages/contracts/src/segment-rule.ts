import Type from "typebox";
import { ExpressionText } from "./expression/syntax.ts";
import { AttributeValue } from "./item.ts";

/**
 * A condition over traits, context and history. `field` is
 * `traits.<key>`, `context.<key>`, `history.count`, `history.count.<type>`,
 * `history.last_ts` or `history.last_ts.<type>`. `days_since` holds when at
 * least `value` days have passed since the time in the field. `where` is an
 * expression over user, context and history.
 */
export const SegmentRule = Type.Cyclic(
  {
    Rule: Type.Union([
      Type.Object(
        { all: Type.Array(Type.Ref("Rule"), { minItems: 1, maxItems: 50 }) },
        { additionalProperties: false },
      ),
      Type.Object(
        { any: Type.Array(Type.Ref("Rule"), { minItems: 1, maxItems: 50 }) },
        { additionalProperties: false },
      ),
      Type.Object({ not: Type.Ref("Rule") }, { additionalProperties: false }),
      Type.Object({ where: ExpressionText }, { additionalProperties: false }),
      Type.Object(
        {
          field: Type.String({
            pattern: "^(traits|context|history)\\.[a-z0-9_.]+$",
          }),
          op: Type.Union(
            (
              [
                "eq",
                "neq",
                "gt",
                "gte",
                "lt",
                "lte",
                "in",
                "contains",
                "exists",
                "days_since",
              ] as const
            ).map((op) => Type.Literal(op)),
          ),
          value: Type.Optional(AttributeValue),
        },
        { additionalProperties: false },
      ),
    ]),
  },
  "Rule",
);
export type SegmentRule =
  | { readonly all: readonly SegmentRule[] }
  | { readonly any: readonly SegmentRule[] }
  | { readonly not: SegmentRule }
  | { readonly where: string }
  | SegmentCondition;

export interface SegmentCondition {
  readonly field: string;
  readonly op: SegmentOperator;
  readonly value?: AttributeValue;
}

export type SegmentOperator =
  | "eq"
  | "neq"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "in"
  | "contains"
  | "exists"
  | "days_since";
