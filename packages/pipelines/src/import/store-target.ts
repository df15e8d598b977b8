import {
  DEFAULT_CONFIG,
  type CatalogueSchema,
  type ConfigDocument,
  type RowResult,
} from "@recsys/contracts";
import {
  findTenant,
  pointer,
  proposeChange,
  setTimeOffsetDays,
  versionContent,
  type Store,
  type TenantTx,
} from "@recsys/store";
import { withDeclared } from "./declared-schema.ts";
import { partsOf, type Part, type Pseudonymise } from "./store-rows.ts";
import type { ImportTarget, PendingRow } from "./target.ts";
import type { WriteResult } from "./record.ts";
import { countEvents, createWitness, readBack } from "./witness.ts";

export interface StoreTargetOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly namespace: string;
  readonly pseudonym: Pseudonymise;
}

/** Rows go into the database itself; items, users and events each in one transaction per batch. */
export function storeTarget(options: StoreTargetOptions): ImportTarget {
  const { store, tenant, namespace } = options;
  const inTenant = <T>(work: (tx: TenantTx) => Promise<T>) =>
    store.inTenant(tenant, work);
  let config: ConfigDocument = DEFAULT_CONFIG;
  const written = createWitness();
  const byPart = async (
    rows: readonly PendingRow[],
    run: (part: Part) => Promise<readonly RowResult[]>,
  ) => {
    const results = new Map<number, WriteResult>();
    for (const part of partsOf(rows, options, config)) {
      for (const result of await run(part)) {
        results.set(result.row, toWriteResult(result));
      }
    }
    return rows.map((_, row) => results.get(row) ?? MISSING);
  };
  return {
    name: `tenant ${tenant}, namespace ${namespace}`,
    read: async (schema) => {
      config = (await inTenant((tx) => liveConfig(tx, namespace))).content;
      written.eventsBefore = await inTenant((tx) => countEvents(tx, namespace));
      const found = await store.tenantless((db) => findTenant(db, tenant));
      const declared = withDeclared(config.schema, schema) ?? config.schema;
      return {
        config: { ...config, schema: declared },
        timeOffsetDays: found?.timeOffsetDays ?? 0,
      };
    },
    declare: (schema) => inTenant((tx) => declare(tx, namespace, schema)),
    setTimeOffsetDays: (days) =>
      store.tenantless((db) => setTimeOffsetDays(db, tenant, days)),
    write: async (rows) => {
      const results = await byPart(rows, inTenant);
      written.note(rows, results);
      return results;
    },
    preview: (rows) => byPart(rows, (part) => rehearsed(inTenant, part)),
    check: () => inTenant((tx) => readBack(tx, namespace, written)),
  };
}

/** Carries the results of a transaction out of it while it is rolled back. */
class Rehearsal extends Error {
  readonly results: readonly RowResult[];

  constructor(results: readonly RowResult[]) {
    super("nothing of this is to stay");
    this.results = results;
  }
}

/** What the part would answer, known by doing it and taking it back. */
async function rehearsed(
  inTenant: (work: (tx: TenantTx) => Promise<never>) => Promise<never>,
  part: Part,
): Promise<readonly RowResult[]> {
  try {
    return await inTenant(async (tx) => {
      throw new Rehearsal(await part(tx));
    });
  } catch (error) {
    if (error instanceof Rehearsal) return error.results;
    throw error;
  }
}

const MISSING: WriteResult = {
  status: "rejected",
  problem: {
    code: "no_answer",
    path: "",
    message: "the store said nothing about this row",
  },
};

async function liveConfig(
  tx: TenantTx,
  namespace: string,
): Promise<{
  readonly content: ConfigDocument;
  readonly version: number | null;
}> {
  const live = await pointer(tx, namespace, "config");
  if (live === null) return { content: DEFAULT_CONFIG, version: null };
  const address = { namespace, pointer: "config" } as const;
  const version = await versionContent(tx, address, live.version);
  return { content: version?.content as ConfigDocument, version: live.version };
}

/** Keys that a known set carries enter the schema through the one door, like every other change. */
async function declare(
  tx: TenantTx,
  namespace: string,
  wanted: CatalogueSchema,
): Promise<void> {
  const { content, version } = await liveConfig(tx, namespace);
  const schema = withDeclared(content.schema, wanted);
  if (schema === undefined) return;
  await proposeChange(tx, {
    tenant: tx.tenant,
    namespace,
    pointer: "config",
    content: { ...content, schema },
    baseVersion: version,
    author: "import",
    authorKind: "service",
    reason: "Declares the keys that the imported rows carry.",
  });
}

function toWriteResult(result: RowResult): WriteResult {
  const [problem] = result.errors ?? [];
  return problem === undefined
    ? { status: result.status }
    : { status: result.status, problem };
}
