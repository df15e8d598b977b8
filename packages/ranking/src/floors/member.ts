import type { Expression, Floor } from "@recsys/contracts";
import type { Catalogue } from "../catalogue.ts";
import { bindFilter } from "../expression.ts";
import type { Expressions } from "../expressions.ts";

/** Whether the item at a catalogue position belongs to a floor. */
export type IsMember = (position: number) => boolean;

/** The test of a floor; one whose expression does not fit the schema any more has no members. */
export function memberOf(
  floor: Floor,
  about: {
    readonly catalogue: Catalogue;
    readonly expressions: Expressions;
    readonly now: number;
  },
): IsMember {
  const { catalogue, expressions, now } = about;
  if (floor.provider_id !== undefined) {
    const provider = catalogue.words.providers.get(floor.provider_id) ?? -1;
    return (position) => catalogue.columns.provider[position] === provider;
  }
  const expression = expressions.find(floor.where ?? "", "filter");
  if (expression === null) return () => false;
  const facts = { traits: {}, context: {}, events: [], now };
  const holds = bindFilter(expression, facts);
  return (position) => {
    const item = catalogue.items[position];
    return item ? holds(item) : false;
  };
}

/** The first name in an expression that is not about the item; a floor is the same for everybody. */
export function foreignName(expression: Expression): string | null {
  switch (expression.kind) {
    case "name":
      return expression.name === "now" || expression.name.startsWith("item.")
        ? null
        : expression.name;
    case "call":
      return firstOf(expression.args);
    case "not":
    case "negative":
      return foreignName(expression.of);
    case "binary":
      return firstOf([expression.left, expression.right]);
    case "literal":
    case "list":
      return null;
  }
}

function firstOf(parts: readonly Expression[]): string | null {
  for (const part of parts) {
    const found = foreignName(part);
    if (found !== null) return found;
  }
  return null;
}
