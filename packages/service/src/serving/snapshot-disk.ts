import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { NO_POSTERIORS, type Item, type Posteriors } from "@recsys/contracts";
import { createCatalogue } from "@recsys/ranking";
import type { Tenant } from "@recsys/store";
import type { KeyFacts } from "../auth/key-cache.ts";
import type { Documents } from "./load-documents.ts";
import { NO_SIGNALS, loadSignals } from "./load-signals.ts";
import { assembleSnapshot, type LoadedSnapshot } from "./load-snapshot.ts";
import type { Learned } from "./load-manifest.ts";
import type { SnapshotSource } from "./snapshot-source.ts";
import type { Place } from "./snapshots.ts";

/** What a process needs to serve while the database is away. No user data. */
interface SavedSnapshot extends Documents {
  readonly schema: 1;
  readonly live: LoadedSnapshot["live"];
  readonly manifest: Learned["manifest"];
  readonly manifestContent: unknown;
  readonly tenant: Omit<Tenant, "secret"> & { readonly secret: string };
  readonly keys: readonly (readonly [string, KeyFacts])[];
  readonly catalogueRevision: number;
  /** Copies of earlier releases have none. */
  readonly posteriors?: Posteriors;
}

interface SavedWith {
  readonly tenant: Tenant;
  readonly keys: readonly (readonly [string, KeyFacts])[];
}

const ITEMS_AT_ONCE = 1000;

/** Names become parts of paths: nothing but a slug may. */
function requireSlug(name: string): void {
  if (!/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name)) {
    throw new Error("a name that is no slug cannot be saved");
  }
}

/** The last snapshots under a directory: one JSON document and one file of items per tenant and namespace. */
export class SnapshotDisk {
  readonly #directory: string;
  /** Catalogue revision that was saved last, by tenant and namespace. */
  readonly #saved = new Map<string, number>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Saves a snapshot; items are written only when they changed, in pieces that leave the thread free between them. */
  async save(loaded: LoadedSnapshot, beside: SavedWith): Promise<void> {
    const { tenant, namespace, catalogue } = loaded.snapshot;
    requireSlug(tenant);
    requireSlug(namespace);
    const folder = join(this.#directory, tenant);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const key = `${tenant}/${namespace}`;
    if (this.#saved.get(key) !== catalogue.revision) {
      await writeItems(
        join(folder, `${namespace}.items.ndjson`),
        catalogue.items,
      );
      this.#saved.set(key, catalogue.revision);
    }
    const { config, tenantConfig, rules, fallbacks } = loaded;
    const { manifest, manifestContent, live } = loaded;
    const document: SavedSnapshot = {
      schema: 1,
      live,
      config,
      tenantConfig,
      rules,
      fallbacks,
      manifest,
      manifestContent,
      tenant: {
        ...beside.tenant,
        secret: beside.tenant.secret.toString("base64"),
      },
      keys: beside.keys,
      catalogueRevision: catalogue.revision,
      posteriors: loaded.posteriors,
    };
    await writeWhole(join(folder, `${namespace}.json`), [
      JSON.stringify(document),
    ]);
  }

  /** The saved snapshot, its artifacts loaded and verified anew; null where there is none. `onFound` hears of the tenant first, because artifacts are read for it. */
  async restore(
    { tenant, namespace }: Place,
    source: Pick<SnapshotSource, "artifact">,
    onFound: (beside: SavedWith) => void,
  ): Promise<LoadedSnapshot | null> {
    const path = join(this.#directory, tenant, namespace);
    const text = await readOptional(`${path}.json`);
    const lines = await readOptional(`${path}.items.ndjson`);
    if (text === null || lines === null) return null;
    const saved = JSON.parse(text) as SavedSnapshot;
    const secret = Buffer.from(saved.tenant.secret, "base64");
    onFound({ tenant: { ...saved.tenant, secret }, keys: saved.keys });
    const items = lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Item);
    const signals =
      saved.manifest === null
        ? NO_SIGNALS
        : await loadSignals(source, tenant, {
            manifest: saved.manifestContent,
            before: NO_SIGNALS,
          });
    return assembleSnapshot(
      { tenant, namespace, before: null },
      {
        live: saved.live,
        documents: saved,
        learned: {
          manifest: saved.manifest,
          manifestContent: saved.manifestContent,
          signals,
        },
        catalogue: createCatalogue(items, saved.catalogueRevision),
        posteriors: saved.posteriors ?? NO_POSTERIORS,
        unreadable: new Set(),
        alerts: [],
      },
    );
  }

  /** Tenants and namespaces with a saved snapshot. */
  async list(): Promise<Place[]> {
    const tenants = await readdirOptional(this.#directory);
    const found = await Promise.all(
      tenants.map(async (tenant) => {
        const names = await readdirOptional(join(this.#directory, tenant));
        return names
          .filter((name) => name.endsWith(".json"))
          .map((name) => ({ tenant, namespace: name.slice(0, -5) }));
      }),
    );
    return found.flat();
  }
}

async function writeItems(
  path: string,
  items: readonly (Item | null)[],
): Promise<void> {
  await writeWhole(path, pieces(items));
}

function* pieces(items: readonly (Item | null)[]): Generator<string> {
  for (let at = 0; at < items.length; at += ITEMS_AT_ONCE) {
    yield items
      .slice(at, at + ITEMS_AT_ONCE)
      .flatMap((item) => (item === null ? [] : `${JSON.stringify(item)}\n`))
      .join("");
  }
}

/** Writes beside and renames, so that a reader never sees half a file. */
async function writeWhole(
  path: string,
  parts: Iterable<string>,
): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, "w", 0o600);
  try {
    for (const part of parts) {
      await file.write(part);
      await setImmediate();
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readdirOptional(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
