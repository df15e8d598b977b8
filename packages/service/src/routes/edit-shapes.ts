import { SlugName, TENANT_LAYER } from "@recsys/contracts";
import Type, { type TSchema } from "typebox";
import { closed, VersionNumber } from "./shapes.ts";

/** Why somebody changes something; kept with the version and in the audit log. */
export const ReasonField = Type.Optional(
  Type.String({ minLength: 1, maxLength: 500 }),
);

export const DEFAULT_REASON = "changed through the API";

/** Namespace of configuration; `_tenant` is the layer of the whole tenant. */
export const ConfigNamespaceField = Type.Optional(
  Type.Union([SlugName, Type.Literal(TENANT_LAYER)]),
);

/** Answer to a change that is in force. */
export const Changed = Type.Object({
  change_id: Type.String(),
  version: Type.String(),
});

/** Body of a way back: to the version given, or to the one before the live one; going back again goes on from there. */
export const BackTo = closed({
  version: Type.Optional(VersionNumber),
  reason: ReasonField,
});

/** Answer of a route that reads a document. */
export function documentOf(content: TSchema) {
  return Type.Object({ version: Type.String(), content });
}

export const History = Type.Object({
  versions: Type.Array(
    Type.Object({
      version: Type.Integer(),
      name: Type.String(),
      hash: Type.String(),
      change_id: Type.String(),
      author: Type.String(),
      reason: Type.String(),
      created_at: Type.String(),
      live: Type.Boolean(),
    }),
  ),
});
