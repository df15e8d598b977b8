import { SlugName } from "@recsys/contracts";
import Type from "typebox";
import { closed } from "../shapes.ts";

export const NamespaceParams = closed({ name: SlugName });

export const Sentence = Type.String({ minLength: 1, maxLength: 500 });

export const Evidence = Type.Object({
  evidence: Type.Object({
    action: Type.String(),
    namespace: Type.String(),
    removed: Type.Array(
      Type.Object({ table: Type.String(), rows: Type.Integer() }),
    ),
    documents: Type.Array(Type.Object({ document: Type.String() })),
  }),
  sha256: Type.String({
    description: "of the evidence as canonical JSON, to keep beside it",
  }),
});
