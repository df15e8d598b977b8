import Type, { type Static } from "typebox";

/**
 * An immutable, content-addressed document: which artifact serves each
 * signal. Its version is the SHA-256 of its canonical JSON.
 */
export const Manifest = Type.Object(
  {
    schema_version: Type.Literal(1),
    tenant: Type.String(),
    namespace: Type.String(),
    /** Unix milliseconds: the moment that the run saw the world at. */
    as_of: Type.Number(),
    /** Version of the manifest that was live when this one was made. */
    parent: Type.Union([Type.String(), Type.Null()]),
    artifacts: Type.Record(
      Type.String(),
      Type.Object({ hash: Type.String(), bytes: Type.Integer() }),
      { description: "by signal name" },
    ),
    /** Object hash of the offline evaluation report, where one was made. */
    evaluation: Type.Union([Type.String(), Type.Null()]),
    recipe: Type.Object({
      jobs: Type.Array(Type.String()),
      parameters_hash: Type.String(),
      code_version: Type.String(),
    }),
  },
  { additionalProperties: false },
);
export type Manifest = Static<typeof Manifest>;
