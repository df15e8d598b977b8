import {
  decodeArtifact,
  type Item,
  type SignalName,
  type SignalViews,
} from "@recsys/contracts";
import { SIGNALS, type Interactions } from "@recsys/learning";
import {
  ALGO_VERSION,
  createCatalogue,
  createSnapshot,
  type Snapshot,
} from "@recsys/ranking";
import type { EventColumns } from "../interactions/event-columns.ts";
import { countEvents } from "../interactions/count-items.ts";
import { weighEvents } from "../interactions/weigh-events.ts";
import type { Learner } from "../learner/learner.ts";
import type { OfflineArm } from "./offline-arm.ts";

export interface FittedArm {
  readonly snapshot: Snapshot;
  readonly interactions: Interactions;
}

export interface FitOptions {
  readonly train: EventColumns;
  readonly items: readonly Item[];
  /** Unix milliseconds: the moment of the split. */
  readonly asOf: number;
  readonly learner: Learner;
  readonly onProgress?: ((signal: SignalName) => void) | undefined;
}

/** Learns the arm's signals from the training rows and makes the snapshot that serving would make of them. */
export async function fitOffline(
  arm: OfflineArm,
  options: FitOptions,
): Promise<FittedArm> {
  const { train, items, asOf } = options;
  const { interactions } = weighEvents(train, {
    eventTypes: arm.config.event_types,
    quantity: arm.parameters.interactions.quantity,
    sessionGapMinutes: arm.parameters.interactions.session_gap_minutes,
    asOf,
  });
  const signals = await learnViews(arm, options, interactions);
  const snapshot = createSnapshot({
    tenant: "offline",
    namespace: "offline",
    versions: {
      algo_version: ALGO_VERSION,
      node_major: Number(process.versions.node.split(".")[0]),
      config_version: "offline",
      tenant_config_version: "offline",
      rules_version: "offline",
      fallbacks_version: "offline",
      experiments_version: "offline",
      manifest_version: null,
      models: {},
      snapshot_revision: "offline",
      catalogue_revision: 1,
    },
    config: arm.config,
    tenantKnobs: arm.tenantKnobs,
    rules: arm.rules,
    fallbacks: { lists: {} },
    catalogue: createCatalogue(items, 1),
    signals,
    missing: {},
  });
  return { snapshot, interactions };
}

async function learnViews(
  arm: OfflineArm,
  options: FitOptions,
  interactions: Interactions,
): Promise<Partial<SignalViews>> {
  const { learner, items, asOf } = options;
  const set = `offline ${arm.label}`;
  const views: Partial<Record<SignalName, SignalViews[SignalName]>> = {};
  const origin = {
    as_of: asOf,
    window: { from: 0, to: asOf },
    sources: [],
    code_version: "offline",
  };
  const counts = countEvents(options.train, asOf);
  learner.load(set, { interactions, items, counts });
  try {
    // The registry ends with the heaviest: begun first, it leaves the others to the second thread.
    await Promise.all(
      arm.signals.toReversed().map(async (signal) => {
        const parameters = arm.parameters.signals[signal] ?? {};
        const bytes = await learner.learn(set, { signal, parameters, origin });
        views[signal] = viewOf(signal, bytes);
        options.onProgress?.(signal);
      }),
    );
  } finally {
    learner.forget(set);
  }
  return views as Partial<SignalViews>;
}

/** The view that ranking reads, from the bytes that would be published. */
function viewOf(
  signal: SignalName,
  bytes: Uint8Array,
): SignalViews[SignalName] {
  return SIGNALS[signal].view(decodeArtifact(bytes));
}
