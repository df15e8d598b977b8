import {
  DEFAULT_CONFIG,
  TENANT_LAYER,
  type ConfigDocument,
  type FallbackLists,
  type Manifest,
  type PointerName,
  type PointerState,
  type RuleSet,
} from "@recsys/contracts";
import { pointer, versionContent, type TenantTx } from "@recsys/store";
import type { LiveState } from "./run.ts";

/** Everything live that a run depends on, read in one transaction. */
export async function loadLiveState(
  tx: TenantTx,
  namespace: string,
): Promise<LiveState> {
  const config = await liveDocument(tx, namespace, "config");
  const tenantLayer = await liveDocument(tx, TENANT_LAYER, "config");
  const rules = await liveDocument(tx, namespace, "rules");
  const fallbacks = await liveDocument(tx, namespace, "fallbacks");
  return {
    config: config?.content ?? DEFAULT_CONFIG,
    tenantKnobs: tenantLayer?.content.knobs ?? {},
    rules: rules?.content ?? { rules: [] },
    fallbacks: {
      state: fallbacks?.state ?? null,
      lists: fallbacks?.content ?? { lists: {} },
    },
    manifest: await liveDocument(tx, namespace, "manifest"),
  };
}

/** What each pointer points at; the store checked it against its schema when it was written. */
interface Documents {
  readonly config: ConfigDocument;
  readonly rules: RuleSet;
  readonly experiments: unknown;
  readonly manifest: Manifest;
  readonly fallbacks: FallbackLists;
}

/** The live version of a pointer with its document; null when nothing is live. */
export async function liveDocument<Name extends PointerName>(
  tx: TenantTx,
  namespace: string,
  name: Name,
): Promise<{
  readonly state: PointerState;
  readonly content: Documents[Name];
} | null> {
  const state = await pointer(tx, namespace, name);
  if (state === null) return null;
  const address = { namespace, pointer: name };
  const version = await versionContent(tx, address, state.version);
  if (version === null) throw new Error(`version ${state.version} is gone`);
  return { state, content: version.content as Documents[Name] };
}
