import type { Entity, ImportRow, WriteResult } from "./record.ts";

type Counts = Readonly<Record<string, number>>;

/** Everything that an import counts; plain JSON, so that a resumed import goes on counting. */
export interface Tally {
  /** Rows of the files that were read. */
  readonly rows: number;
  readonly accepted: Readonly<Record<Entity, number>>;
  readonly duplicate: Readonly<Record<Entity, number>>;
  /** Rows that should have been right, by code. */
  readonly rejected: Counts;
  /** Rows left out on purpose, by code. */
  readonly dropped: Counts;
  readonly eventsByType: Counts;
  /** Accepted events by who acted: user, anonymous, session. */
  readonly eventsByIdentity: Counts;
  /** Users by value of each short text trait, such as `country=France`. */
  readonly usersByTrait: Counts;
  readonly firstTs: string | null;
  readonly lastTs: string | null;
}

const NONE: Readonly<Record<Entity, number>> = {
  item: 0,
  user: 0,
  event: 0,
  exposure: 0,
  outcome: 0,
};

export const EMPTY_TALLY: Tally = {
  rows: 0,
  accepted: { ...NONE },
  // Objects of their own: a clone keeps what is shared.
  duplicate: { ...NONE },
  rejected: {},
  dropped: {},
  eventsByType: {},
  eventsByIdentity: {},
  usersByTrait: {},
  firstTs: null,
  lastTs: null,
};

/** Counts in place while an import runs; `snapshot` is what has been counted so far. */
export interface Counter {
  /** Rows that were read. */
  rows(read: number): void;
  notLoaded(kind: "rejected" | "dropped", code: string): void;
  written(row: ImportRow, result: WriteResult): void;
  snapshot(): Tally;
}

export function createCounter(start: Tally): Counter {
  const tally = structuredClone(start) as Mutable;
  return {
    rows: (read) => {
      tally.rows += read;
    },
    notLoaded: (kind, code) => {
      add(tally[kind], code);
    },
    written: (row, result) => {
      if (result.status === "rejected") {
        add(tally.rejected, result.problem?.code ?? "rejected");
        return;
      }
      tally[result.status][row.entity]++;
      if (result.status === "accepted") countAccepted(tally, row);
    },
    snapshot: () => structuredClone(tally),
  };
}

type Mutable = {
  -readonly [K in keyof Tally]: Tally[K] extends number | string | null
    ? Tally[K]
    : Record<string, number>;
} & {
  accepted: Record<Entity, number>;
  duplicate: Record<Entity, number>;
};

function countAccepted(tally: Mutable, row: ImportRow): void {
  if (row.entity === "user") {
    for (const [name, value] of Object.entries(row.input.traits ?? {})) {
      if (typeof value === "string")
        add(tally.usersByTrait, `${name}=${value}`);
    }
  }
  if (row.entity !== "event") return;
  const { type, ts } = row.input;
  add(tally.eventsByType, type);
  add(tally.eventsByIdentity, identityOf(row.input));
  if (ts === undefined) return;
  if (tally.firstTs === null || ts < tally.firstTs) tally.firstTs = ts;
  if (tally.lastTs === null || ts > tally.lastTs) tally.lastTs = ts;
}

function identityOf(event: {
  readonly user_id?: string;
  readonly anonymous_id?: string;
}): "user" | "anonymous" | "session" {
  if (event.user_id !== undefined) return "user";
  return event.anonymous_id === undefined ? "session" : "anonymous";
}

/** A trait with thousands of values (a postcode) would make a report of nothing else. */
const MAX_KEYS = 500;

function add(counts: Record<string, number>, key: string): void {
  const known =
    Object.hasOwn(counts, key) || Object.keys(counts).length < MAX_KEYS;
  const name = known ? key : "(others)";
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + 1;
}
