import type { CatalogueSchema, ConfigDocument } from "@recsys/contracts";
import type { ImportRow, WriteResult } from "./record.ts";
import type { Tally } from "./tally.ts";

/** A converted row on its way to the target, with where it came from. */
export interface PendingRow {
  readonly line: number;
  readonly raw: string;
  readonly row: ImportRow;
}

/** What the target knows before the first row. */
export interface TargetState {
  readonly config: ConfigDocument;
  /** Offset that earlier imports of this tenant used; 0 where there was none. */
  readonly timeOffsetDays: number;
}

/** One thing that was read back after loading. */
export interface EvidenceCheck {
  readonly check: string;
  readonly expected: number | string;
  readonly found: number | string;
  readonly ok: boolean;
}

export type Preview = (
  rows: readonly PendingRow[],
) => Promise<readonly WriteResult[]>;

/** Where rows go: a store, a running service, or nowhere (dry run). */
export interface ImportTarget {
  /** For people and for the key of the progress file. */
  readonly name: string;
  /** What the target knows, with `schema` (the keys that the rows will carry) declared. */
  read(schema: CatalogueSchema): Promise<TargetState>;
  /** Makes the declaration true; called before the first row, never in a dry run. */
  declare(schema: CatalogueSchema): Promise<void>;
  setTimeOffsetDays(days: number): Promise<void>;
  /** Writes a batch durably; one result per row, in order. Writing a row twice changes nothing. */
  write(rows: readonly PendingRow[]): Promise<readonly WriteResult[]>;
  /** What `write` would answer, with nothing written; a target without it cannot tell. */
  readonly preview?: Preview;
  /** Reads back what the tally claims. */
  check(tally: Tally): Promise<readonly EvidenceCheck[]>;
}

/** A target that keeps nothing. With `preview` it answers as the real one would; without, it takes everything. */
export function dryRun(
  target: ImportTarget,
  preview: Preview | undefined,
): ImportTarget {
  return {
    name: `${target.name} (dry run)`,
    read: (schema) => target.read(schema),
    declare: () => Promise.resolve(),
    setTimeOffsetDays: () => Promise.resolve(),
    write:
      preview ??
      ((rows) =>
        Promise.resolve(rows.map(() => ({ status: "accepted" as const })))),
    check: () => Promise.resolve([]),
  };
}
