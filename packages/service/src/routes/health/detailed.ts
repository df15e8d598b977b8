import Type from "typebox";
import type { ServiceContext } from "../../context.ts";
import { readRoute } from "../../http/route.ts";
import type { SnapshotState } from "../../serving/snapshots.ts";
import { within } from "../../within.ts";
import { toTime } from "../shapes.ts";
import { Propagation, readPropagation } from "./propagation.ts";

const PATIENCE_MS = 1000;
const UNREADABLE_SHOWN = 10;

/** GET /health/detailed */
export const detailedHealthRoute = readRoute({
  name: "detailedHealth",
  method: "GET",
  url: "/health/detailed",
  permission: "config:read",
  tag: "health",
  summary:
    "Database, decision log, caches, which replicas serve what is live, and each snapshot of the tenant with its versions, age and alerts.",
  answer: Type.Object({
    status: Type.String({ description: "ok or degraded" }),
    database: Type.Record(Type.String(), Type.Unknown()),
    propagation: Type.Union([Propagation, Type.Null()]),
    snapshots: Type.Array(Type.Record(Type.String(), Type.Unknown())),
    decision_log: Type.Record(Type.String(), Type.Unknown()),
    user_states: Type.Record(Type.String(), Type.Unknown()),
  }),
  handle: async ({ context, caller }) => {
    const begin = performance.now();
    const [ping, propagation] = await Promise.all([
      within(context.store.ping(), PATIENCE_MS),
      within(
        context.store.inTenant(caller.tenant, (tx) =>
          readPropagation(tx, context.replica),
        ),
        PATIENCE_MS,
      ),
    ]);
    const snapshots = context.snapshots
      .states()
      .filter((state) => state.tenant === caller.tenant);
    const { pendingBytes, rejectedBytes, heldSegments } = context.decisions;
    const isGood =
      ping.ok &&
      heldSegments === 0 &&
      snapshots.every(
        ({ lastError, loaded }) =>
          lastError === null &&
          loaded.alerts.length === 0 &&
          loaded.unreadable.size === 0,
      );
    return {
      body: {
        status: isGood ? "ok" : "degraded",
        uptime_seconds: (context.clock() - context.startedAt) / 1000,
        database: {
          ok: ping.ok,
          milliseconds: Math.round(performance.now() - begin),
          listening: context.readiness.isListening,
        },
        propagation: propagation.ok ? propagation.value : null,
        snapshots: snapshots.map((state) => describe(state, context)),
        decision_log: {
          pending_bytes: pendingBytes,
          rejected_bytes: rejectedBytes,
          held_segments: heldSegments,
        },
        user_states: {
          bytes: context.users.bytes,
          hits: context.users.hits,
          misses: context.users.misses,
        },
      },
    };
  },
});

function describe(state: SnapshotState, context: ServiceContext): object {
  const { snapshot, alerts, unreadable } = state.loaded;
  return {
    namespace: state.namespace,
    versions: snapshot.versions,
    items: snapshot.catalogue.liveCount,
    unreadable_items: {
      count: unreadable.size,
      item_ids: [...unreadable].slice(0, UNREADABLE_SHOWN),
    },
    age_seconds: (context.clock() - state.currentAt) / 1000,
    from_disk: state.fromDisk,
    last_error: state.lastError,
    missing: snapshot.missing,
    alerts: alerts.map(({ part, version, reason, since }) => ({
      part,
      version,
      reason,
      since: toTime(since),
    })),
  };
}
