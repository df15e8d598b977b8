import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { toError, type DecisionRecord } from "@recsys/contracts";
import { isAbandoned, isOwn } from "./file-owner.ts";
import { HeldSegments } from "./held-segments.ts";
import { readSegment, type SegmentLine } from "./read-segment.ts";
import { faultOf } from "./refusal.ts";
import {
  RejectedLines,
  Rejections,
  type RejectedLine,
} from "./rejected-lines.ts";
import { isSegment } from "./segment-name.ts";

/** A decision that the store looked at and can never keep. */
export interface Refused {
  readonly requestId: string;
  readonly reason: string;
}

/** Writes decisions of one tenant and namespace, and says which it refused; the same ones again change nothing. */
export type Ship = (
  tenant: string,
  namespace: string,
  records: readonly DecisionRecord[],
) => Promise<readonly Refused[]>;

export interface ShipperOptions {
  readonly directory: string;
  readonly ship: Ship;
  /** Most that is kept of what cannot be shipped. */
  readonly maxRejectedBytes: number;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Decisions, or lines that are none, were set aside. */
  readonly onRejected: (rejected: Rejections) => void;
  /** A segment was left where it is; the others go on. */
  readonly onHeld: (segment: string, error: unknown) => void;
}

/** The database, not the segment, is what fails: nothing can be shipped now. */
class NotNow extends Error {
  readonly error: Error;

  constructor(error: unknown) {
    super("the database is away");
    this.error = toError(error);
  }
}

/** Written as text in one go, on the thread that answers requests: more would hold an answer up by milliseconds. */
const BATCH = 40;
/** Lines that are read before they are shipped. */
const READ_AT_ONCE = 1000;

/** Brings segments into the database, one after the other; what is wrong with one does not hold up the next. */
export class Shipper {
  readonly #options: ShipperOptions;
  readonly #held: HeldSegments;
  readonly #rejected: RejectedLines;

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#held = new HeldSegments(options.clock);
    this.#rejected = new RejectedLines(
      options.directory,
      options.maxRejectedBytes,
    );
  }

  /** Segments that cannot be read, stored or removed now. */
  get heldSegments(): number {
    return this.#held.count;
  }

  /** Size of the file of what was set aside. */
  get rejectedBytes(): number {
    return this.#rejected.bytes;
  }

  /**
   * Ships every segment in the directory that is closed, or whose writer is
   * gone, and deletes each after its rows are committed; `inMemory` holds what
   * need not be read back. Returns the number of decisions. Throws when the
   * database is away; nothing is lost then.
   */
  async ship(
    inMemory: Map<string, readonly DecisionRecord[]>,
  ): Promise<number> {
    await this.#rejected.count();
    const names = (await readdir(this.#options.directory)).sort();
    this.#held.keepOnly(names);
    let shipped = 0;
    for (const name of names) {
      if (!isSegment(name) || this.#held.isWaiting(name)) continue;
      try {
        shipped += await this.#shipSegment(name, inMemory);
        this.#held.release(name);
      } catch (error) {
        if (error instanceof NotNow) throw error.error;
        this.#held.hold(name);
        this.#options.onHeld(name, error);
      }
    }
    return shipped;
  }

  async #shipSegment(
    name: string,
    inMemory: Map<string, readonly DecisionRecord[]>,
  ): Promise<number> {
    const path = join(this.#options.directory, name);
    if (!(await isReady(path, name))) return 0;
    const rejected = new Rejections(this.#options.maxRejectedBytes);
    let shipped = 0;
    for await (const lines of groups(linesOf(path, inMemory.get(path)))) {
      const records: DecisionRecord[] = [];
      for (const one of lines) {
        if (one.kind === "record") records.push(one.record);
        else {
          rejected.add({ ...one.rejected, segment: name });
        }
      }
      const refused = await this.#shipRecords(name, records);
      for (const one of refused) rejected.add(one);
      shipped += records.length - refused.length;
    }
    if (rejected.count > 0) await this.#rejected.append(rejected.lines);
    await rm(path, { force: true });
    inMemory.delete(path);
    // Only now: a segment that comes again would be counted again.
    if (rejected.count > 0) this.#options.onRejected(rejected);
    return shipped;
  }

  async #shipRecords(
    segment: string,
    records: readonly DecisionRecord[],
  ): Promise<RejectedLine[]> {
    const rejected: RejectedLine[] = [];
    for (const batch of batches(records)) {
      for (const { record, reason } of await this.#shipBatch(batch)) {
        const { request_id: requestId } = record;
        const text = JSON.stringify(record);
        rejected.push({ segment, line: null, reason, requestId, text });
      }
    }
    return rejected;
  }

  /** One bad row must not hold up the others: a refused batch is tried row by row. */
  async #shipBatch(
    batch: Batch,
  ): Promise<{ record: DecisionRecord; reason: string }[]> {
    const { tenant, namespace, records } = batch;
    try {
      const refused = await this.#options.ship(tenant, namespace, records);
      const reasons = new Map(
        refused.map(({ requestId, reason }) => [requestId, reason]),
      );
      return records.flatMap((record) => {
        const reason = reasons.get(record.request_id);
        return reason === undefined ? [] : [{ record, reason }];
      });
    } catch (error) {
      const fault = faultOf(error);
      if (fault === "away") throw new NotNow(error);
      if (fault === "defect") throw error;
      const [only] = records;
      if (records.length === 1 && only !== undefined) {
        return [{ record: only, reason: reasonOf(error) }];
      }
      const alone = [];
      for (const record of records) {
        alone.push(...(await this.#shipBatch({ ...batch, records: [record] })));
      }
      return alone;
    }
  }
}

/** Values may stand in messages of the database: its code says enough. */
function reasonOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return `refused by the database (${String(code)})`;
}

/** False for a segment that is still written to, and for one that another process shipped meanwhile. */
async function isReady(path: string, name: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  });
  if (found === null) return false;
  // Opening a pipe would wait for its writer.
  if (!found.isFile()) throw new Error("a segment is a file, this is none");
  if (isOwn(name)) return name.endsWith(".closed");
  return isAbandoned(name, Date.now() - found.mtimeMs);
}

/** What is in memory needs no reading; nothing where another process shipped the segment meanwhile. */
async function* linesOf(
  path: string,
  inMemory: readonly DecisionRecord[] | undefined,
): AsyncGenerator<SegmentLine> {
  if (inMemory !== undefined) {
    for (const record of inMemory) yield { kind: "record", record };
    return;
  }
  try {
    yield* readSegment(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

async function* groups(
  lines: AsyncIterable<SegmentLine>,
): AsyncGenerator<SegmentLine[]> {
  let group: SegmentLine[] = [];
  for await (const line of lines) {
    group.push(line);
    if (group.length < READ_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

interface Batch {
  readonly tenant: string;
  readonly namespace: string;
  readonly records: readonly DecisionRecord[];
}

function batches(records: readonly DecisionRecord[]): Batch[] {
  const byPlace = new Map<string, DecisionRecord[]>();
  for (const record of records) {
    const key = `${record.tenant}/${record.namespace}`;
    const group = byPlace.get(key);
    if (group === undefined) byPlace.set(key, [record]);
    else group.push(record);
  }
  return [...byPlace.values()].flatMap((group) => {
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
