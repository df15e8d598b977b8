import { createHash } from "node:crypto";
import { DAY_MS } from "@recsys/contracts";
import {
  listExposures,
  listOutcomes,
  type FeedbackList,
  type Page,
  type StoredExposure,
  type StoredOutcome,
  type TenantTx,
} from "@recsys/store";
import {
  toBatch,
  type ColumnValues,
  type SourceAddress,
} from "./event-source.ts";
import type { LakeIndex } from "./lake-index.ts";
import { OUTCOMES } from "./lake-table.ts";
import { isoDay } from "./read-events.ts";
import type { DaySource, SourceDay } from "./sync-table.ts";

/** Feedback that is older no longer changes but by retention: exposures arrive within the attribution window. */
const OPEN_DAYS = 8;

interface JoinedOutcome extends StoredOutcome {
  readonly exposedTs: number | null;
  readonly seq: number;
}

/**
 * Outcomes by day of receipt, each with the first exposure of the same request
 * and item. Days older than eight days count as closed and are kept as they
 * were exported; a backfill reads them again.
 */
export function outcomeSource(
  address: SourceAddress,
  known: LakeIndex,
  now: number,
): DaySource {
  const loaded = new Map<string, readonly JoinedOutcome[]>();
  return {
    days: async () => {
      const first = await firstDay(address);
      if (first === null) return [];
      const days: SourceDay[] = [];
      for (let at = first; at <= now; at += DAY_MS) {
        const day = isoDay(at);
        const closed = known.get(day);
        if (at < now - OPEN_DAYS * DAY_MS && closed !== undefined) {
          days.push({ day, ...closed });
          continue;
        }
        const rows = await joinedDay(address, at);
        if (rows.length === 0) continue;
        loaded.set(day, rows);
        days.push({ day, rows: rows.length, fingerprint: digest(rows) });
      }
      return days;
    },
    readDay: async function* (day) {
      const rows =
        loaded.get(day) ??
        (await joinedDay(address, Date.parse(`${day}T00:00:00Z`)));
      yield toBatch(OUTCOMES, rows, OUTCOME_VALUES);
    },
  };
}

const OUTCOME_VALUES: ColumnValues<JoinedOutcome> = {
  ts: (row) => BigInt(Math.round(row.ts)),
  request_id: (row) => row.requestId,
  item_id: (row) => row.itemId,
  type: (row) => row.type,
  user_key: (row) => row.userKey,
  value: (row) => row.value,
  exposed_ts: (row) =>
    row.exposedTs === null ? null : BigInt(Math.round(row.exposedTs)),
  seq: (row) => BigInt(row.seq),
};

async function firstDay(address: SourceAddress): Promise<number | null> {
  const { store, tenant, namespace } = address;
  const page = await store.inTenant(tenant, (tx) =>
    listOutcomes(tx, namespace, { filter: {}, limit: 1 }),
  );
  const first = page.rows[0]?.receivedAt;
  return first === undefined ? null : Math.floor(first / DAY_MS) * DAY_MS;
}

async function joinedDay(
  address: SourceAddress,
  from: number,
): Promise<JoinedOutcome[]> {
  const to = from + DAY_MS;
  const outcomes = await allPages(address, listOutcomes, { from, to });
  if (outcomes.length === 0) return [];
  const exposures = await allPages(address, listExposures, {
    from: from - OPEN_DAYS * DAY_MS,
    to: to + OPEN_DAYS * DAY_MS,
  });
  const seen = firstSeen(exposures);
  return outcomes.map((outcome, seq) => ({
    ...outcome,
    seq,
    exposedTs: seen.get(`${outcome.requestId} ${outcome.itemId}`) ?? null,
  }));
}

function firstSeen(exposures: readonly StoredExposure[]): Map<string, number> {
  const seen = new Map<string, number>();
  for (const { requestId, itemId, ts } of exposures) {
    const key = `${requestId} ${itemId}`;
    seen.set(key, Math.min(ts, seen.get(key) ?? Infinity));
  }
  return seen;
}

const PAGE_ROWS = 10_000;

async function allPages<Row>(
  { store, tenant, namespace }: SourceAddress,
  list: (
    tx: TenantTx,
    namespace: string,
    list: FeedbackList,
  ) => Promise<Page<Row>>,
  filter: { readonly from: number; readonly to: number },
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const after: { readonly cursor?: string } =
      cursor === null ? {} : { cursor };
    const page: Page<Row> = await store.inTenant(tenant, (tx) =>
      list(tx, namespace, { filter, limit: PAGE_ROWS, ...after }),
    );
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

function digest(rows: readonly JoinedOutcome[]): string {
  const hash = createHash("sha256");
  for (const row of rows) hash.update(JSON.stringify(row));
  return hash.digest("hex");
}
