import {
  canonicalJson,
  encodeUtf8,
  type ConfigDocument,
  type ContentHash,
} from "@recsys/contracts";
import type { ObjectStore } from "@recsys/store";
import { jsonObject } from "../manifests/json-object.ts";
import type { PipelineParameters } from "@recsys/contracts";

/** What a manifest was made by, besides code and data; kept in the object store under its hash. */
export interface RecipeDocument {
  readonly schema_version: 1;
  readonly parameters: PipelineParameters;
  readonly event_types: ConfigDocument["event_types"];
}

export function recipeOf(
  parameters: PipelineParameters,
  config: ConfigDocument,
): RecipeDocument {
  return { schema_version: 1, parameters, event_types: config.event_types };
}

/** Stores the recipe; the same recipe has the same hash. */
export function storeRecipe(
  objects: ObjectStore,
  recipe: RecipeDocument,
): Promise<ContentHash> {
  return objects.put(encodeUtf8(canonicalJson(recipe)));
}

/** The recipe of a manifest, null when its object is gone. */
export function loadRecipe(
  objects: ObjectStore,
  hash: string,
): Promise<RecipeDocument | null> {
  return jsonObject<RecipeDocument>(objects, hash);
}
