import {
  messageOf,
  SIGNAL_NAMES,
  versionName,
  type PointerState,
  type SignalName,
} from "@recsys/contracts";
import { isUnreachable } from "../http/problem.ts";
import type { SnapshotAlert } from "./load-documents.ts";
import { loadSignals, NO_SIGNALS, type LoadedSignals } from "./load-signals.ts";
import type { SnapshotSource } from "./snapshot-source.ts";

/** The manifest in force with its signals. */
export interface Learned {
  readonly manifest: PointerState | null;
  readonly manifestContent: unknown;
  readonly signals: LoadedSignals;
}

interface ManifestFacts {
  readonly source: SnapshotSource;
  readonly tenant: string;
  readonly namespace: string;
  readonly before:
    (Learned & { readonly alerts: readonly SnapshotAlert[] }) | null;
  readonly now: number;
  readonly alerts: SnapshotAlert[];
}

export const NOTHING_LEARNED: Learned = {
  manifest: null,
  manifestContent: null,
  signals: NO_SIGNALS,
};

/** A manifest that was refused is tried again after so long: its artifact may have been repaired. */
export const RETRY_REFUSED_MS = 30_000;

/**
 * The signals of the live manifest. When it does not pass its checks, the last
 * good one stays; a process that has none yet takes the newest earlier one
 * that passes.
 */
export async function loadManifest(
  facts: ManifestFacts,
  live: PointerState | null,
): Promise<Learned> {
  const before = learnedOf(facts.before);
  if (live === null || live.version === before.manifest?.version) {
    return live === null ? NOTHING_LEARNED : before;
  }
  const refused = facts.before?.alerts.find(
    ({ part, version }) => part === "manifest" && version === versionName(live),
  );
  if (refused !== undefined && facts.now - refused.triedAt < RETRY_REFUSED_MS) {
    facts.alerts.push(refused);
    return before;
  }
  const learned = await tryManifest(facts, live);
  if (learned !== null) return learned;
  if (before.manifest !== null) return before;
  const history = await facts.source.manifestHistory(
    facts.tenant,
    facts.namespace,
  );
  for (const state of history) {
    if (state.version >= live.version) continue;
    const earlier = await tryManifest(facts, state);
    if (earlier !== null) return earlier;
  }
  return NOTHING_LEARNED;
}

/** Only what was learned: the snapshot before carries configuration, too, which must not outlive its own change. */
function learnedOf(before: Learned | null): Learned {
  if (before === null) return NOTHING_LEARNED;
  const { manifest, manifestContent, signals } = before;
  return { manifest, manifestContent, signals };
}

/** null, with an alert, when the manifest or one of its artifacts does not pass. */
async function tryManifest(
  facts: ManifestFacts,
  state: PointerState,
): Promise<Learned | null> {
  const { source, tenant, namespace, before } = facts;
  try {
    const content = await source.content(tenant, namespace, {
      pointer: "manifest",
      version: state.version,
    });
    const signals = await loadSignals(source, tenant, {
      manifest: content,
      before: before?.signals ?? NO_SIGNALS,
    });
    return { manifest: state, manifestContent: content, signals };
  } catch (error) {
    if (isUnreachable(error)) throw error;
    facts.alerts.push({
      part: "manifest",
      version: versionName(state),
      reason: messageOf(error),
      since: facts.now,
      triedAt: facts.now,
    });
    return null;
  }
}

/** Why each signal that is not there is not there. */
export function missingSignals(
  learned: Learned,
): Partial<Record<SignalName, string>> {
  const reason =
    learned.manifest === null
      ? "no manifest is published yet"
      : `manifest ${versionName(learned.manifest)} has none`;
  const names = SIGNAL_NAMES.filter(
    (name) => learned.signals.views[name] === undefined,
  );
  return Object.fromEntries(names.map((name) => [name, reason]));
}
