import type { Manifest } from "@recsys/contracts";
import { recipeOf, storeRecipe } from "../recipe/recipe.ts";
import { brokenArtifacts } from "./broken-artifacts.ts";
import type { Run } from "../runner/run.ts";

/** A manifest that may go live, and what the live one has that it cannot have. */
export interface Candidate {
  readonly manifest: Manifest;
  /** Signals whose artifacts are broken and could not be made again. */
  readonly leftOut: readonly string[];
}

/**
 * The manifest of the run's artifacts; signals that the run did not learn are
 * carried over from the live one, if they are whole. It names no clock, host or run, so the same
 * artifacts under the same recipe and parent are the same manifest. null: there
 * is nothing to serve.
 */
export async function candidateManifest(run: Run): Promise<Candidate | null> {
  const live = run.live.manifest;
  const learned = Object.fromEntries(run.board.artifacts);
  const carried = Object.fromEntries(
    Object.entries(live?.content.artifacts ?? {}).filter(
      ([signal]) => !Object.hasOwn(learned, signal),
    ),
  );
  const broken = await brokenArtifacts(run.objects, { artifacts: carried });
  const leftOut = broken.map(({ signal }) => signal);
  const artifacts = Object.fromEntries(
    Object.entries({ ...carried, ...learned }).filter(
      ([signal]) => !leftOut.includes(signal),
    ),
  );
  if (Object.keys(artifacts).length === 0) return null;
  const recipe = recipeOf(run.parameters, run.live.config);
  const { asOf } = await run.history();
  const manifest: Manifest = {
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
  return { manifest, leftOut };
}
