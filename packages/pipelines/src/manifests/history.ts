import {
  ApiError,
  type ChangeProposal,
  type Manifest,
  type PointerState,
} from "@recsys/contracts";
import {
  pointer,
  proposeChange,
  versionBefore,
  versionContent,
  versionHistory,
  type ObjectStore,
  type Store,
  type TenantTx,
  type VersionEntry,
} from "@recsys/store";
import { brokenArtifacts } from "./broken-artifacts.ts";
import { diffManifests, type ManifestDifference } from "./diff.ts";
import { jsonObject } from "./json-object.ts";

export interface ManifestAddress {
  readonly store: Store;
  readonly tenant: string;
  readonly namespace: string;
}

/** A version number, a hash of at least eight digits, or `live`. */
export type ManifestName = string;

export interface ManifestEntry extends VersionEntry {
  readonly isLive: boolean;
}

export interface NamedManifest {
  readonly entry: ManifestEntry;
  readonly manifest: Manifest;
}

const SEARCHED = 10_000;

/** The newest versions of the manifest, newest first. */
export function listManifests(
  o: ManifestAddress,
  limit = 20,
): Promise<readonly ManifestEntry[]> {
  return o.store.inTenant(o.tenant, (tx) => entries(tx, o.namespace, limit));
}

/** One version with its content. Throws NOT_FOUND for a name that is none. */
export function showManifest(
  o: ManifestAddress,
  name: ManifestName,
): Promise<NamedManifest> {
  return o.store.inTenant(o.tenant, (tx) => find(tx, o.namespace, name));
}

export function compareManifests(
  o: ManifestAddress,
  before: ManifestName,
  after: ManifestName,
): Promise<readonly ManifestDifference[]> {
  return o.store.inTenant(o.tenant, async (tx) => {
    const a = await find(tx, o.namespace, before);
    const b = await find(tx, o.namespace, after);
    return diffManifests(a.manifest, b.manifest);
  });
}

export interface ActivationRequest {
  /** A version, or the hash of a manifest that a gate held. */
  readonly name: ManifestName;
  readonly author: string;
  readonly authorKind: "human" | "service";
  readonly reason: string;
}

/** Makes a version live again, or a held manifest live, when all its artifacts are there; ARTIFACT_INVALID otherwise. */
export async function activateManifest(
  o: ManifestAddress & { readonly objects: ObjectStore },
  request: ActivationRequest,
): Promise<PointerState> {
  const { name, ...signed } = request;
  const manifest =
    (await heldManifest(o, name)) ?? (await showManifest(o, name)).manifest;
  return makeLive(o, manifest, signed);
}

/** Back to what was live before the live manifest; twice goes back two. Throws NOT_FOUND when there was nothing. */
export async function rollbackManifest(
  o: ManifestAddress & { readonly objects: ObjectStore },
  request: Omit<ActivationRequest, "name">,
): Promise<PointerState> {
  const { namespace } = o;
  const restores = await o.store.inTenant(o.tenant, (tx) =>
    versionBefore(tx, { namespace, pointer: "manifest" }),
  );
  if (restores === null) {
    throw new ApiError("NOT_FOUND", {
      detail: "No earlier manifest was live.",
      fix: null,
    });
  }
  const { manifest } = await showManifest(o, String(restores));
  return makeLive(o, manifest, { ...request, restores });
}

async function makeLive(
  o: ManifestAddress & { readonly objects: ObjectStore },
  manifest: Manifest,
  signed: Pick<ChangeProposal, "author" | "authorKind" | "reason" | "restores">,
): Promise<PointerState> {
  await requireArtifacts(o.objects, manifest);
  return o.store.inTenant(o.tenant, async (tx) => {
    const live = await pointer(tx, o.namespace, "manifest");
    const change = await proposeChange(tx, {
      ...signed,
      tenant: o.tenant,
      namespace: o.namespace,
      pointer: "manifest",
      content: manifest,
      baseVersion: live?.version ?? null,
    });
    return change.pointer;
  });
}

async function entries(
  tx: TenantTx,
  namespace: string,
  limit: number,
): Promise<ManifestEntry[]> {
  const live = await pointer(tx, namespace, "manifest");
  const history = await versionHistory(
    tx,
    { namespace, pointer: "manifest" },
    limit,
  );
  return history.map((entry) => ({
    ...entry,
    isLive: entry.version === live?.version,
  }));
}

async function find(
  tx: TenantTx,
  namespace: string,
  name: ManifestName,
): Promise<NamedManifest> {
  const all = await entries(tx, namespace, SEARCHED);
  const entry = all.find(
    ({ version, hash, isLive }) =>
      (name === "live" && isLive) ||
      name === String(version) ||
      (name.length >= 8 && hash.startsWith(name)),
  );
  const address = { namespace, pointer: "manifest" } as const;
  const found =
    entry === undefined
      ? null
      : await versionContent(tx, address, entry.version);
  if (entry === undefined || found === null) {
    throw new ApiError("NOT_FOUND", {
      detail: `There is no manifest ${name} in ${namespace}.`,
      fix: "`recsys manifest list` shows those there are.",
    });
  }
  return { entry, manifest: found.content as Manifest };
}

/** A manifest that was stored but never live is found by its whole hash. */
async function heldManifest(
  o: { readonly objects: ObjectStore },
  name: ManifestName,
): Promise<Manifest | null> {
  return /^[0-9a-f]{64}$/.test(name) ? jsonObject(o.objects, name) : null;
}

async function requireArtifacts(
  objects: ObjectStore,
  manifest: Manifest,
): Promise<void> {
  const broken = await brokenArtifacts(objects, manifest);
  if (broken.length > 0) {
    const list = broken.map(({ signal, state }) => `${signal} (${state})`);
    throw new ApiError("ARTIFACT_INVALID", {
      detail: `artifacts cannot be loaded: ${list.join(", ")}; train again instead`,
    });
  }
}
