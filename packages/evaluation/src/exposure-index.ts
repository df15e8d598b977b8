import type { Outcome, SeenItem } from "./outcome.ts";

/** Exposures by request and item, and by user and item. */
export interface ExposureIndex<E> {
  /** What the outcome may be about, latest first; ties by request id, the larger first. */
  find(outcome: Outcome): readonly E[];
}

/** Indexes exposures once; finding is then a look-up. */
export function createExposureIndex<E extends SeenItem>(
  exposures: Iterable<E>,
): ExposureIndex<E> {
  const byRequest = new Map<string, E[]>();
  const byUser = new Map<string, E[]>();
  for (const exposure of exposures) {
    const { requestId, userKey, itemId } = exposure;
    append(byRequest, pairKey(requestId, itemId), exposure);
    if (userKey !== null) append(byUser, pairKey(userKey, itemId), exposure);
  }
  for (const list of [...byRequest.values(), ...byUser.values()]) {
    list.sort(
      (a, b) =>
        b.ts - a.ts ||
        (a.requestId > b.requestId ? -1 : a.requestId < b.requestId ? 1 : 0),
    );
  }
  return {
    find({ requestId, userKey, itemId }) {
      if (requestId !== null) {
        return byRequest.get(pairKey(requestId, itemId)) ?? [];
      }
      if (userKey === null) return [];
      return byUser.get(pairKey(userKey, itemId)) ?? [];
    },
  };
}

/** Ids may hold any printable character, so a separator alone would be ambiguous. */
function pairKey(first: string, second: string): string {
  return `${first.length}:${first}${second}`;
}

function append<E>(map: Map<string, E[]>, key: string, value: E): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
