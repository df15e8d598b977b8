/**
 * What all learners but content read: one row per event, with positions into
 * id lists. Learners bring rows and users into canonical order first, so any
 * order is good; `items` must be sorted by `<`.
 */
export interface Interactions {
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Event-type weight times quantity policy; negative for dislikes. */
  readonly weight: Float32Array;
  /** Unix milliseconds. */
  readonly ts: Float64Array;
  /** Order or session of the row's user, -1 none. */
  readonly basket: Int32Array;
  /** Position in `groups`, 0 = none. */
  readonly group: Int32Array;
  /** Contexts such as `country:France`; the first is "", no group. */
  readonly groups: readonly string[];
  /** By user: 1 = known or anonymous user, 0 = session only (guest). */
  readonly person: Uint8Array;
  /** Half-life of the row's event type; absent or 0 = as the signal's parameter says. */
  readonly halfLifeDays?: Float32Array;
}
