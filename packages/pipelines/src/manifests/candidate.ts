import type { Manifest } from "@recsys/contracts";
import { recipeOf, storeRecipe } from "../recipe/recipe.ts";
import type { Run } from "../runner/run.ts";

/**
 * The manifest of the run's artifacts; signals that the run did not learn are
 * carried over from the live one. It names no clock, host or run, so the same
 * artifacts under the same recipe and parent are the same manifest. null: there
 * is nothing to serve.
 */
export async function candidateManifest(run: Run): Promise<Manifest | null> {
  const live = run.live.manifest;
  const learned = Object.fromEntries(run.board.artifacts);
  const artifacts = { ...live?.content.artifacts, ...learned };
  if (Object.keys(artifacts).length === 0) return null;
  const recipe = recipeOf(run.parameters, run.live.config);
  const { asOf } = await run.history();
  return {
    schema_version: 1,
    tenant: run.tenant,
    namespace: run.namespace,
    as_of: asOf,
    parent: live?.state.hash ?? null,
    artifacts,
    evaluation: run.board.evaluation?.hash ?? null,
    recipe: {
      jobs: Object.keys(artifacts).sort(),
      parameters_hash: await storeRecipe(run.objects, recipe),
      code_version: run.codeVersion,
    },
  };
}
