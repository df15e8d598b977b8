import {
  SIGNAL_NAMES,
  type Manifest,
  type SignalName,
  type SignalViews,
} from "@recsys/contracts";
import { SIGNALS } from "@recsys/learning";
import { requireReadable } from "./snapshot-documents.ts";
import type { SnapshotSource } from "./snapshot-source.ts";

/** The signals of one manifest, each with the hash it was loaded by. */
export interface LoadedSignals {
  readonly views: Partial<SignalViews>;
  readonly hashes: Readonly<Record<string, string>>;
}

export const NO_SIGNALS: LoadedSignals = { views: {}, hashes: {} };

/**
 * Loads every artifact of a manifest and checks hash, kind, layout and that
 * this release knows the signal; views that are loaded already are reused.
 * Throws when any of it does not hold: a manifest is taken whole or not at all.
 */
export async function loadSignals(
  source: Pick<SnapshotSource, "artifact">,
  tenant: string,
  facts: { readonly manifest: unknown; readonly before: LoadedSignals },
): Promise<LoadedSignals> {
  requireReadable("manifest", facts.manifest);
  const { artifacts } = facts.manifest as Manifest;
  const views: Partial<Record<SignalName, unknown>> = {};
  const hashes: Record<string, string> = {};
  for (const [name, { hash }] of Object.entries(artifacts)) {
    if (!isSignal(name)) {
      throw new Error(`this release does not know the signal ${name}`);
    }
    hashes[name] = hash;
    views[name] =
      facts.before.hashes[name] === hash
        ? facts.before.views[name]
        : await loadView(source, tenant, { name, hash });
  }
  return { views: views as Partial<SignalViews>, hashes };
}

async function loadView(
  source: Pick<SnapshotSource, "artifact">,
  tenant: string,
  wanted: { readonly name: SignalName; readonly hash: string },
): Promise<unknown> {
  const artifact = await source.artifact(tenant, wanted.hash);
  return SIGNALS[wanted.name].view(artifact);
}

function isSignal(name: string): name is SignalName {
  return SIGNAL_NAMES.some((known) => known === name);
}
