import type { CatalogueSchema } from "@recsys/contracts";

/** The schema with keys added that it lacks; undefined when it has them all. Keys that exist keep their definition. */
export function withDeclared(
  schema: CatalogueSchema,
  wanted: CatalogueSchema,
): CatalogueSchema | undefined {
  const merged: CatalogueSchema = {
    attributes: { ...wanted.attributes, ...schema.attributes },
    traits: { ...wanted.traits, ...schema.traits },
    context: { ...wanted.context, ...schema.context },
  };
  const isSame = (["attributes", "traits", "context"] as const).every(
    (part) =>
      Object.keys(merged[part]).length === Object.keys(schema[part]).length,
  );
  return isSame ? undefined : merged;
}
