import { ApiError, type ContentHash } from "@recsys/contracts";
import type { PoolClient } from "pg";
import { binaryColumn, copyOut } from "../database/copy.ts";
import type { Store } from "../database/store.ts";
import {
  CHUNK_BYTES,
  type ObjectState,
  type ObjectStore,
  type Sink,
  assembling,
  hashOf,
  invalidObject,
  requireHash,
  verifying,
} from "./object-store.ts";

/** Largest object in DB-only mode unless RECSYS_DB_ARTIFACT_MAX_MB says otherwise. */
const DEFAULT_MAX_BYTES = 256 * 1_048_576;
const LIST_PAGE = 500;

/**
 * Objects as rows of at most 1 MiB in the tenant's database, written and read
 * in binary. A larger object than `maxBytes` is an ApiError ARTIFACT_TOO_LARGE.
 */
export function postgresObjects(
  store: Store,
  tenant: string,
  options: { readonly maxBytes?: number } = {},
): ObjectStore {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const inTenant = <T>(work: (client: PoolClient) => Promise<T>) =>
    store.withClient(tenant, work);
  return {
    put(bytes) {
      requireSize(bytes.length, maxBytes);
      const hash = hashOf(bytes);
      return inTenant((client) => write(client, hash, bytes));
    },
    get: (hash, allocate = (n) => new Uint8Array(n)) =>
      inTenant((client) =>
        readInto(client, requireHash(hash), (size) =>
          assembling(hash, allocate(size)),
        ),
      ),
    has: (hash) =>
      inTenant(async (client) => (await sizeOf(client, hash)) !== null),
    check: (hash) => inTenant((client) => stateOf(client, requireHash(hash))),
    remove: (hash) =>
      inTenant(async (client) => {
        await client.query("delete from objects where hash = $1", [hash]);
      }),
    list: () => listRows(inTenant),
  };
}

function requireSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new ApiError("ARTIFACT_TOO_LARGE", {
    detail: `The artifact has ${Math.ceil(bytes / 1_048_576)} MB, DB-only mode takes ${Math.floor(maxBytes / 1_048_576)} MB.`,
  });
}

async function write(
  client: PoolClient,
  hash: ContentHash,
  bytes: Uint8Array,
): Promise<ContentHash> {
  const state = await stateOf(client, hash);
  if (state === "whole") return hash;
  if (state === "damaged") {
    await client.query("delete from objects where hash = $1", [hash]);
  }
  const { rowCount } = await client.query(
    `insert into objects (tenant_id, hash, bytes) values (recsys.tenant(), $1, $2)
       on conflict do nothing`,
    [hash, bytes.length],
  );
  // Another process stored the same bytes in the meantime.
  if (rowCount === 0) return hash;
  for (let seq = 0; seq * CHUNK_BYTES < bytes.length; seq++) {
    const chunk = bytes.subarray(seq * CHUNK_BYTES, (seq + 1) * CHUNK_BYTES);
    await client.query({
      name: "write object chunk",
      text: "insert into object_chunks values (recsys.tenant(), $1, $2, $3)",
      // The driver sends buffers in binary, other arrays as text.
      values: [
        hash,
        seq,
        Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length),
      ],
    });
  }
  return hash;
}

async function readInto<T>(
  client: PoolClient,
  hash: ContentHash,
  sinkOf: (size: number) => Sink<T>,
): Promise<T> {
  const size = await sizeOf(client, hash);
  if (size === null) throw invalidObject(hash, "it is not in the object store");
  const sink = sinkOf(size);
  // COPY is the one way in which the driver reads binary; the name is checked hexadecimal.
  await copyOut(
    client,
    `copy (select bytes from object_chunks where hash = '${hash}' order by seq)
       to stdout (format binary)`,
    binaryColumn((piece) => {
      sink.add(piece);
    }),
  );
  return sink.finish();
}

async function stateOf(
  client: PoolClient,
  hash: ContentHash,
): Promise<ObjectState> {
  if ((await sizeOf(client, hash)) === null) return "missing";
  try {
    await readInto(client, hash, (size) => verifying(hash, size));
    return "whole";
  } catch (error) {
    if (error instanceof ApiError && error.code === "ARTIFACT_INVALID") {
      return "damaged";
    }
    throw error;
  }
}

async function sizeOf(
  client: PoolClient,
  hash: string,
): Promise<number | null> {
  const { rows } = await client.query<{ bytes: number }>(
    "select bytes from objects where hash = $1",
    [hash],
  );
  return rows[0]?.bytes ?? null;
}

async function* listRows(
  inTenant: <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>,
) {
  let after = "";
  for (;;) {
    const { rows } = await inTenant((client) =>
      client.query<{ hash: ContentHash; bytes: number }>(
        `select hash, bytes from objects where hash collate "C" > $1
           order by hash collate "C" limit ${LIST_PAGE}`,
        [after],
      ),
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.hash;
  }
}
