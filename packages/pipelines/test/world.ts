import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DAY_MS,
  DEFAULT_CONFIG,
  MINUTE_MS,
  type ConfigDocument,
} from "@recsys/contracts";
import {
  appendEvents,
  createTenant,
  fsObjects,
  openStore,
  pointer,
  postgresObjects,
  proposeChange,
  upsertItems,
  type NewEvent,
  type ObjectStore,
  type Store,
} from "@recsys/store";
import { testDatabase } from "../../../tests/support/database.ts";
import { runPipeline, type PipelineOptions } from "../src/index.ts";

export const TENANT = "shop";
export const NAMESPACE = "default";
/** Noon after the last of the made days. */
export const NOW = Date.UTC(2026, 5, 30, 12);

/** A database with one tenant, a folder for the lake, and an object store. */
export interface World {
  readonly store: Store;
  readonly objects: ObjectStore;
  readonly home: string;
  readonly appUrl: string;
  run(more?: Partial<PipelineOptions>): ReturnType<typeof runPipeline>;
  addItems(ids: readonly string[]): Promise<void>;
  addEvents(events: readonly MadeEvent[]): Promise<void>;
  setConfig(change: (config: ConfigDocument) => ConfigDocument): Promise<void>;
  /** Moves the database's recsys.now() by so many milliseconds from the real time. */
  shiftClock(byMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface MadeEvent {
  readonly user: string;
  readonly item: string;
  readonly ts: number;
  readonly type?: string;
  readonly canary?: boolean;
}

export async function createWorld(
  servingMode: "db" | "artifact" = "artifact",
): Promise<World> {
  const database = await testDatabase();
  const home = await mkdtemp(join(tmpdir(), "recsys-world-"));
  const store = openStore({ appUrl: database.appUrl });
  await store.tenantless((db) =>
    createTenant(db, { tenantId: TENANT, name: "Shop", servingMode }),
  );
  const objects =
    servingMode === "db"
      ? postgresObjects(store, TENANT)
      : fsObjects(join(home, "objects"));
  return {
    store,
    objects,
    home,
    appUrl: database.appUrl,
    run: (more = {}) =>
      runPipeline({
        store,
        objects,
        home,
        tenant: TENANT,
        namespace: NAMESPACE,
        asOf: NOW,
        trigger: "test",
        ...more,
      }),
    addItems: (ids) => addItems(store, ids),
    addEvents: (events) => addEvents(store, events),
    setConfig: (change) => setConfig(store, change),
    shiftClock: (byMs) => database.shiftClock(byMs),
    close: async () => {
      await store.close();
      await database.drop();
      await rm(home, { recursive: true });
    },
  };
}

/** Forty users in two camps; each chooses ten different ones of the twenty items of its camp over fifty days. */
function twoCamps(): MadeEvent[] {
  const events: MadeEvent[] = [];
  for (let user = 0; user < 40; user++) {
    for (let day = 0; day < 50; day++) {
      if ((user * 7 + day * 3) % 5 !== 0) continue;
      events.push({
        user: `u${user}`,
        item: itemId(((user + Math.floor(day / 5) * 3) % 20) * 2 + (user % 2)),
        ts: NOW - (50 - day) * DAY_MS + user * MINUTE_MS,
      });
    }
  }
  return events;
}

export function itemId(n: number): string {
  return `item-${String(n).padStart(2, "0")}`;
}

const FORTY_ITEMS = Array.from({ length: 40 }, (_, n) => itemId(n));

/** A world with items and two camps of users. */
export async function twoCampsWorld(
  servingMode: "db" | "artifact" = "artifact",
): Promise<World> {
  const world = await createWorld(servingMode);
  await world.addItems(FORTY_ITEMS);
  await world.addEvents(twoCamps());
  return world;
}

async function addItems(store: Store, ids: readonly string[]): Promise<void> {
  await store.inTenant(TENANT, (tx) =>
    upsertItems(
      tx,
      NAMESPACE,
      ids.map((id, row) => ({
        row,
        input: { item_id: id, title: `Title of ${id}` },
      })),
    ),
  );
}

async function addEvents(
  store: Store,
  events: readonly MadeEvent[],
): Promise<void> {
  const rows = events.map((event, row): NewEvent => ({
    row,
    subject: {
      kind: "user",
      pseudonym: event.user.padEnd(22, "_"),
      externalId: event.user,
    },
    type: event.type ?? "purchase",
    itemId: event.item,
    eventId: `${event.user}-${event.item}-${event.ts}-${event.type ?? ""}`,
    ts: event.ts,
    orderId: `${event.user}-${Math.floor(event.ts / DAY_MS / 7)}`,
    canary: event.canary ?? false,
  }));
  await store.inTenant(TENANT, (tx) =>
    appendEvents(tx, NAMESPACE, { rows, lateAfterMs: 365 * DAY_MS }),
  );
}

async function setConfig(
  store: Store,
  change: (config: ConfigDocument) => ConfigDocument,
): Promise<void> {
  await store.inTenant(TENANT, async (tx) => {
    const live = await pointer(tx, NAMESPACE, "config");
    await proposeChange(tx, {
      tenant: TENANT,
      namespace: NAMESPACE,
      pointer: "config",
      content: change(DEFAULT_CONFIG),
      baseVersion: live?.version ?? null,
      author: "test",
      authorKind: "human",
      reason: "test",
    });
  });
}
