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
  const read = <T>(name: PointerName) => liveDocument<T>(tx, namespace, name);
  const config = await read<ConfigDocument>("config");
  const tenantLayer = await liveDocument<ConfigDocument>(
    tx,
    TENANT_LAYER,
    "config",
  );
  const rules = await read<RuleSet>("rules");
  const fallbacks = await read<FallbackLists>("fallbacks");
  return {
    config: config?.content ?? DEFAULT_CONFIG,
    tenantKnobs: tenantLayer?.content.knobs ?? {},
    rules: rules?.content ?? { rules: [] },
    fallbacks: {
      state: fallbacks?.state ?? null,
      lists: fallbacks?.content ?? { lists: {} },
    },
    manifest: await read<Manifest>("manifest"),
  };
}

/** The live version of a pointer with its document; null when nothing is live. */
export async function liveDocument<T>(
  tx: TenantTx,
  namespace: string,
  name: PointerName,
): Promise<{ readonly state: PointerState; readonly content: T } | null> {
  const state = await pointer(tx, namespace, name);
  if (state === null) return null;
  const address = { namespace, pointer: name };
  const version = await versionContent(tx, address, state.version);
  if (version === null) throw new Error(`version ${state.version} is gone`);
  return { state, content: version.content as T };
}
