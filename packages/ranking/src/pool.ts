/** The candidates of one request as columns; a candidate is a number, its place in the pool. */
export interface Pool {
  /** 1 + candidate by catalogue position, 0 where the item is no candidate. */
  readonly candidateAt: Int32Array;
  columns: PoolColumns;
  count: number;
}

export interface PoolColumns {
  readonly capacity: number;
  readonly position: Int32Array;
  /** One bit for each source that offered it; 0 for what backfill added. */
  readonly offeredBy: Int32Array;
  readonly score: Float64Array;
  /** Calibrated signals, source by source: source × capacity + candidate. */
  readonly signals: Float64Array;
  /** 1 + index of the removal in `Work.removals`, 0 while it is in. */
  readonly removal: Int32Array;
  /** 1 + index of the rule that moved its score, 0 for none. */
  readonly rule: Int32Array;
}

/** Room for signals of this many sources; a bit of `offeredBy` each. */
export const MAX_SOURCES = 30;

export function createPool(catalogueSize: number): Pool {
  return {
    candidateAt: new Int32Array(catalogueSize),
    columns: createColumns(1024),
    count: 0,
  };
}

function createColumns(capacity: number): PoolColumns {
  return {
    capacity,
    position: new Int32Array(capacity),
    offeredBy: new Int32Array(capacity),
    score: new Float64Array(capacity),
    signals: new Float64Array(capacity * MAX_SOURCES),
    removal: new Int32Array(capacity),
    rule: new Int32Array(capacity),
  };
}

/** Empties the pool. */
export function clearPool(pool: Pool): void {
  const { position } = pool.columns;
  for (let i = 0; i < pool.count; i++) {
    pool.candidateAt[position[i] ?? 0] = 0;
  }
  pool.count = 0;
}

/** The candidate at this position, made if it is not there yet. */
export function addCandidate(pool: Pool, position: number): number {
  const known = pool.candidateAt[position] ?? 0;
  if (known > 0) return known - 1;
  const candidate = pool.count;
  if (candidate === pool.columns.capacity) growColumns(pool);
  const { columns } = pool;
  columns.position[candidate] = position;
  columns.offeredBy[candidate] = 0;
  columns.score[candidate] = 0;
  columns.removal[candidate] = 0;
  columns.rule[candidate] = 0;
  pool.candidateAt[position] = candidate + 1;
  pool.count = candidate + 1;
  return candidate;
}

function growColumns(pool: Pool): void {
  const before = pool.columns;
  const after = createColumns(before.capacity * 2);
  after.position.set(before.position);
  after.offeredBy.set(before.offeredBy);
  after.score.set(before.score);
  after.removal.set(before.removal);
  after.rule.set(before.rule);
  for (let s = 0; s < MAX_SOURCES; s++) {
    const from = s * before.capacity;
    after.signals.set(
      before.signals.subarray(from, from + before.capacity),
      s * after.capacity,
    );
  }
  pool.columns = after;
}
