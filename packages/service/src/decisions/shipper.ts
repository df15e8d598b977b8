import { appendFile, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DecisionRecord } from "@recsys/contracts";
import { isUnreachable } from "../http/problem.ts";
import { isAbandoned, isOwn } from "./segment-name.ts";

/** Writes decisions of one tenant and namespace; the same ones again change nothing. */
export type Ship = (
  tenant: string,
  namespace: string,
  records: readonly DecisionRecord[],
) => Promise<void>;

export interface ShipperOptions {
  readonly directory: string;
  readonly ship: Ship;
  /** A decision that the database refuses for its content; it is kept aside. */
  readonly onRejected: (requestId: string, error: unknown) => void;
}

const BATCH = 200;

/**
 * Ships every segment in the directory that is closed, or whose writer is
 * gone, and deletes each after its rows are committed; `inMemory` holds what
 * need not be read back. Returns the number of decisions. Throws when the database is away; nothing is lost then.
 */
export async function shipSegments(
  options: ShipperOptions,
  inMemory: Map<string, readonly DecisionRecord[]>,
): Promise<number> {
  let shipped = 0;
  for (const name of (await readdir(options.directory)).sort()) {
    if (!(await isReady(options.directory, name))) continue;
    const path = join(options.directory, name);
    const records = inMemory.get(path) ?? (await readSegment(path));
    for (const batch of batches(records)) {
      await shipBatch(batch, options);
    }
    await rm(path, { force: true });
    inMemory.delete(path);
    shipped += records.length;
  }
  return shipped;
}

async function isReady(directory: string, name: string): Promise<boolean> {
  if (name.endsWith(".closed")) {
    return isOwn(name) || (await isLeft(directory, name));
  }
  return (
    name.endsWith(".open") && !isOwn(name) && (await isLeft(directory, name))
  );
}

async function isLeft(directory: string, name: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(join(directory, name));
    return isAbandoned(name, Date.now() - mtimeMs);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Nothing where another process shipped the segment in the meantime. */
async function readSegment(path: string): Promise<DecisionRecord[]> {
  try {
    return parseSegment(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The records of a segment. A last line that was cut off by a crash was never answered, so it is left out. */
function parseSegment(text: string): DecisionRecord[] {
  const lines = text.split("\n");
  lines.pop();
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as DecisionRecord];
    } catch {
      // A line that the disk refused half-way; its answer said logged: false.
      return [];
    }
  });
}

interface Batch {
  readonly tenant: string;
  readonly namespace: string;
  readonly records: readonly DecisionRecord[];
}

function batches(records: readonly DecisionRecord[]): Batch[] {
  const groups = new Map<string, DecisionRecord[]>();
  for (const record of records) {
    const key = `${record.tenant}/${record.namespace}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()].flatMap((group) => {
    const cut: Batch[] = [];
    for (let at = 0; at < group.length; at += BATCH) {
      const part = group.slice(at, at + BATCH);
      const [first] = part;
      if (first !== undefined) {
        const { tenant, namespace } = first;
        cut.push({ tenant, namespace, records: part });
      }
    }
    return cut;
  });
}

/** One bad row must not hold up the others: a refused batch is tried row by row. */
async function shipBatch(batch: Batch, options: ShipperOptions): Promise<void> {
  try {
    await options.ship(batch.tenant, batch.namespace, batch.records);
  } catch (error) {
    if (isUnreachable(error)) throw error;
    const [only] = batch.records;
    if (batch.records.length === 1 && only !== undefined) {
      await keepAside(only, error, options);
      return;
    }
    for (const record of batch.records) {
      await shipBatch({ ...batch, records: [record] }, options);
    }
  }
}

async function keepAside(
  record: DecisionRecord,
  error: unknown,
  options: ShipperOptions,
): Promise<void> {
  const path = join(options.directory, "rejected.ndjson");
  await appendFile(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  options.onRejected(record.request_id, error);
}
