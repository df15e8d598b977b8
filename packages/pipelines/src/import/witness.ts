import { eventDays, listItems, type TenantTx } from "@recsys/store";
import type { ImportRow, WriteResult } from "./record.ts";
import type { EvidenceCheck, PendingRow } from "./target.ts";

/** What this run wrote, as far as it is read back afterwards. */
export interface Witness {
  eventsBefore: number;
  eventsAccepted: number;
  /** Titles of some of the items. */
  readonly titles: Map<string, string | null>;
  note(rows: readonly PendingRow[], results: readonly WriteResult[]): void;
}

const SAMPLED_ITEMS = 100;

export function createWitness(): Witness {
  const witness: Witness = {
    eventsBefore: 0,
    eventsAccepted: 0,
    titles: new Map(),
    note: (rows, results) => {
      rows.forEach(({ row }, i) => {
        if (results[i]?.status !== "accepted") return;
        if (isStoredEvent(row)) {
          witness.eventsAccepted++;
        }
        const { titles } = witness;
        if (row.entity !== "item" || row.input.title === undefined) return;
        if (titles.size < SAMPLED_ITEMS || titles.has(row.input.item_id)) {
          titles.set(row.input.item_id, row.input.title);
        }
      });
    },
  };
  return witness;
}

/** Outcomes are events too; canaries are counted and not kept. */
function isStoredEvent(row: ImportRow): boolean {
  return (
    row.entity === "outcome" ||
    (row.entity === "event" && row.input.canary !== true)
  );
}

/** Compares what this run wrote with what the store now holds. */
export async function readBack(
  tx: TenantTx,
  namespace: string,
  written: Witness,
): Promise<EvidenceCheck[]> {
  const expected = written.eventsBefore + written.eventsAccepted;
  const found = await countEvents(tx, namespace);
  const checks: EvidenceCheck[] = [
    // Other writers may have added more meanwhile.
    { check: "events in the store", expected, found, ok: found >= expected },
  ];
  if (written.titles.size === 0) return checks;
  const ids = [...written.titles.keys()];
  const page = await listItems(tx, namespace, {
    limit: ids.length,
    filter: { ids },
  });
  const right = page.rows.filter(
    ({ item }) => (item.title ?? null) === written.titles.get(item.item_id),
  );
  checks.push({
    check: "sampled items read back with the title that was sent",
    expected: ids.length,
    found: right.length,
    ok: right.length === ids.length,
  });
  return checks;
}

export async function countEvents(
  tx: TenantTx,
  namespace: string,
): Promise<number> {
  const days = await eventDays(tx, namespace);
  return days.reduce((total, day) => total + day.rows, 0);
}
