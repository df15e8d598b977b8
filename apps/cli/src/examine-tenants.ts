import { resolve } from "node:path";
import {
  DEFAULT_NAMESPACE,
  HOUR_MS,
  versionName,
  type Manifest,
  type PointerState,
} from "@recsys/contracts";
import { brokenArtifacts, listSchedules } from "@recsys/pipelines";
import type { ServiceConfig } from "@recsys/service";
import {
  listPointers,
  listTenants,
  openStore,
  versionContent,
  type ObjectStore,
  type Store,
} from "@recsys/store";
import type { Finding } from "./finding.ts";
import { objectsOf } from "./platform.ts";

/** What is live for each tenant, whether it can be loaded, and whether its schedules are kept. */
export async function examineTenants(
  config: ServiceConfig,
  o: { readonly appUrl: string; readonly now: number },
): Promise<Finding[]> {
  const store = openStore({ appUrl: o.appUrl, max: 2 });
  const home = resolve(config.home);
  try {
    const tenants = await store.tenantless((db) => listTenants(db));
    const findings: Finding[] = [];
    for (const tenant of tenants) {
      const { tenantId } = tenant;
      const objects = objectsOf(tenant, { store, home, config });
      const live = await liveManifests(store, tenantId);
      findings.push(examineManifest(tenantId, live, o.now));
      findings.push(await examineArtifacts(tenantId, { live, objects }));
      findings.push(await examineFreshness(store, tenantId, o.now));
    }
    return findings;
  } finally {
    await store.close();
  }
}

interface LiveManifest {
  readonly state: PointerState & { readonly namespace: string };
  readonly manifest: Manifest;
}

async function liveManifests(
  store: Store,
  tenant: string,
): Promise<readonly LiveManifest[]> {
  return store.inTenant(tenant, async (tx) => {
    const all = await listPointers(tx);
    const found: LiveManifest[] = [];
    for (const state of all.filter((one) => one.pointer === "manifest")) {
      const { namespace, version } = state;
      const address = { namespace, pointer: "manifest" } as const;
      const content = await versionContent(tx, address, version);
      if (content === null) continue;
      found.push({ state, manifest: content.content as Manifest });
    }
    return found;
  });
}

function examineManifest(
  tenant: string,
  live: readonly LiveManifest[],
  now: number,
): Finding {
  const state = live
    .map((one) => one.state)
    .find(({ namespace }) => namespace === DEFAULT_NAMESPACE);
  return {
    check: `${tenant}: manifest`,
    ok: state !== undefined,
    found:
      state === undefined
        ? "none is live"
        : `version ${state.version}, live for ${((now - state.movedAt) / HOUR_MS).toFixed(1)} h`,
    fix: `Run recsys pipelines run --tenant ${tenant}.`,
  };
}

/** Reads every artifact that a live manifest names: what is not whole cannot be loaded at the next start. */
async function examineArtifacts(
  tenant: string,
  o: { readonly live: readonly LiveManifest[]; readonly objects: ObjectStore },
): Promise<Finding> {
  const sentences: string[] = [];
  const places: string[] = [];
  let whole = 0;
  for (const { state, manifest } of o.live) {
    const broken = await brokenArtifacts(o.objects, manifest);
    whole += Object.keys(manifest.artifacts).length - broken.length;
    if (broken.length > 0) places.push(`--namespace ${state.namespace}`);
    for (const { signal, hash, state: is } of broken) {
      const what =
        is === "missing"
          ? "is missing from the object store"
          : "has other bytes than its hash says";
      sentences.push(
        `artifact ${signal} (${hash.slice(0, 12)}) of manifest ${versionName(state)} ${what}`,
      );
    }
  }
  const again = places.map(
    (place) => `recsys pipelines run --tenant ${tenant} ${place}`,
  );
  return {
    check: `${tenant}: artifacts`,
    ok: sentences.length === 0,
    found: sentences.length === 0 ? `${whole} whole` : sentences.join("; "),
    fix: `Run ${again.join(" and ")}: it makes again what cannot be loaded.`,
  };
}

async function examineFreshness(
  store: Store,
  tenant: string,
  now: number,
): Promise<Finding> {
  const states = await listSchedules(store, tenant, now);
  const stale = states
    .filter((one) => one.stale)
    .map((one) => one.schedule.name);
  return {
    check: `${tenant}: schedules`,
    ok: stale.length === 0,
    found:
      stale.length === 0
        ? `${states.length}, none stale`
        : `stale: ${stale.join(", ")}`,
    fix: "See docs/freshness.md: is a worker running, did the last run fail?",
  };
}
