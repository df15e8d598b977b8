/** How often each item was shown: all that exposure metrics need, so that lists need not be kept. */
export interface ExposureCounts {
  /** Slots an item took, repeats included. */
  readonly slots: ReadonlyMap<string, number>;
  /** Lists an item was in. */
  readonly lists: ReadonlyMap<string, number>;
  readonly listCount: number;
  readonly emptyLists: number;
  readonly slotCount: number;
}

export interface ExposureCounter {
  add(list: readonly string[]): void;
  counts(): ExposureCounts;
}

/** Counts the first k of each list added; memory grows with the items shown, not with the lists. */
export function createExposureCounter(k: number): ExposureCounter {
  const slots = new Map<string, number>();
  const lists = new Map<string, number>();
  let listCount = 0;
  let emptyLists = 0;
  let slotCount = 0;
  return {
    add(list) {
      const shown = list.slice(0, k);
      listCount++;
      if (shown.length === 0) emptyLists++;
      slotCount += shown.length;
      for (const item of shown) slots.set(item, (slots.get(item) ?? 0) + 1);
      for (const item of new Set(shown)) {
        lists.set(item, (lists.get(item) ?? 0) + 1);
      }
    },
    counts: () => ({ slots, lists, listCount, emptyLists, slotCount }),
  };
}

/** Slots of every item of the catalogue, zeros included. */
export function catalogueSlots(
  counts: ExposureCounts,
  catalogue: readonly string[],
): number[] {
  return catalogue.map((item) => counts.slots.get(item) ?? 0);
}
