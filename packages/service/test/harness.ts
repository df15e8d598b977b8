import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecisionRecord, RecommendResponse } from "@recsys/contracts";
import {
  createTenant,
  findDecision,
  fsObjects,
  openStore,
  type ObjectStore,
  type Store,
} from "@recsys/store";
import { testDatabase } from "../../../tests/support/database.ts";
import {
  createLog,
  createService,
  readConfig,
  withSecrets,
  type Service,
  type ServiceDeps,
} from "../src/index.ts";

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: T;
}

interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly tenant?: string;
  /** Sent as it is, instead of as JSON. */
  readonly raw?: string | Buffer;
}

/** A service on a database of its own, with the tenants demo and other. */
export interface Harness {
  readonly service: Service;
  readonly store: Store;
  readonly objects: ObjectStore;
  readonly home: string;
  readonly appUrl: string;
  readonly logLines: string[];
  call<T = Record<string, unknown>>(
    target: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<Answer<T>>;
  /** Ends the service and starts another on the same database and directory. */
  restart(deps?: Partial<ServiceDeps>): Promise<void>;
  end(): Promise<void>;
}

/** Starts a harness; `deps` and `environment` change what a test is about. */
export async function startHarness(
  options: {
    readonly deps?: Partial<ServiceDeps>;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<Harness> {
  const database = await testDatabase();
  const home = mkdtempSync(join(tmpdir(), "recsys-service-"));
  const store = openStore({ appUrl: database.appUrl });
  const objects = fsObjects(join(home, "objects"));
  for (const tenantId of ["demo", "other"]) {
    await store.tenantless((db) =>
      createTenant(db, { tenantId, name: tenantId, servingMode: "artifact" }),
    );
  }
  const config = await withSecrets(
    readConfig({
      RECSYS_HOME: home,
      LOG_LEVEL: "warn",
      ...options.environment,
    }),
  );
  const logLines: string[] = [];
  const log = createLog(config, { write: (line) => logLines.push(line) });
  const make = async (deps: Partial<ServiceDeps> = {}) => {
    const service = createService({
      store,
      objectsFor: () => objects,
      config,
      log,
      version: "0.0.0-test",
      ...options.deps,
      ...deps,
    });
    await service.open();
    return service;
  };
  const harness = {
    service: await make(),
    store,
    objects,
    home,
    appUrl: database.appUrl,
    logLines,
    call: async <T>(
      target: string,
      body?: unknown,
      { headers = {}, tenant = "demo", raw }: CallOptions = {},
    ): Promise<Answer<T>> => {
      const [method = "GET", url = "/"] = target.split(" ");
      const payload = raw ?? (body === undefined ? null : JSON.stringify(body));
      const answer = await harness.service.app.inject({
        method: method as "GET",
        url,
        headers: {
          "x-org-id": tenant,
          ...(payload === null ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(payload === null ? {} : { payload }),
      });
      const type = String(answer.headers["content-type"]);
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: (/json;|json$/.test(type) && !type.includes("ndjson")
          ? JSON.parse(answer.body)
          : answer.body) as T,
      };
    },
    restart: async (deps?: Partial<ServiceDeps>) => {
      await harness.service.close();
      harness.service = await make(deps);
    },
    end: async () => {
      await harness.service.close();
      await store.close();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return harness;
}

/** Items with a brand, a tag and a price, so that filters and reasons have something to say. */
export function items(count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, i) => ({
    item_id: `item-${i}`,
    title: `Item ${i}`,
    tags: [i % 2 === 0 ? "even" : "odd"],
    brand: `brand-${i % 3}`,
    price: i + 1,
    created_at: new Date(Date.UTC(2026, 0, 1 + i)).toISOString(),
  }));
}

/** The ids of a list, first place first. */
export function idsOf(answer: Answer<RecommendResponse>): string[] {
  return answer.body.items.map((item) => item.item_id);
}

/** The record of a decision as it is stored, which is what a replay takes. */
export async function recordOf(
  harness: Harness,
  requestId: string,
): Promise<DecisionRecord> {
  // Asking for it ships it.
  await harness.call(`GET /v1/audit/decisions/${requestId}`);
  const found = await harness.store.inTenant("demo", (tx) =>
    findDecision(tx, requestId),
  );
  if (found === null) throw new Error(`no decision ${requestId}`);
  return found.record;
}
