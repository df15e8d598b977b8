import Type from "typebox";

/** Something about a rule set that its author should know. */
export const Conflict = Type.Object({
  kind: Type.String(),
  rules: Type.Array(Type.String()),
  items: Type.Integer(),
  text: Type.String(),
});

/** How a test case of a rule set came out. */
export const CaseOutcome = Type.Object({
  name: Type.String(),
  passed: Type.Boolean(),
  problems: Type.Array(Type.String()),
  item_ids: Type.Array(Type.String()),
});
