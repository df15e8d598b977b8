import type { Item, RankRequest } from "@recsys/contracts";
import { ITEM_STATE } from "../catalogue-columns.ts";
import type { Catalogue } from "../catalogue.ts";
import type { Knobs } from "../knob-reader.ts";
import type { Thresholds } from "../policy-labels.ts";
import type { ActiveRules } from "../rules.ts";
import type { ReadyFilter } from "../work.ts";

/** What a filter may look at. */
export interface FilterInput {
  readonly request: RankRequest;
  readonly catalogue: Catalogue;
  readonly knobs: Knobs;
  readonly rules: ActiveRules;
  /** The expression of the request's constraints, made ready; null without one. */
  readonly where: ((item: Item) => boolean) | null;
  /** From which scores on labels of the policy keep items out; empty without a policy. */
  readonly thresholds: Thresholds;
  readonly now: number;
  /** Bits of MARK by catalogue position. */
  readonly marks: Uint8Array;
}

/** One reason why an item may not be listed. */
export interface Filter {
  /** Machine form of the reason. */
  readonly reason: string;
  /** The reason in words, after "This item ". */
  readonly text: string;
  /** Judges by the column `state` and the marks alone, and lets plain items pass. */
  readonly sparesPlain?: boolean;
  /** The test for this request; null when the request cannot fail it. */
  prepare(input: FilterInput): Pick<ReadyFilter, "removes" | "detail"> | null;
}

/** The filters that can remove anything in this request. */
export function prepareFilters(
  filters: readonly Filter[],
  input: FilterInput,
): ReadyFilter[] {
  return filters.flatMap((filter) => {
    const ready = filter.prepare(input);
    return ready === null
      ? []
      : [
          {
            ...ready,
            reason: filter.reason,
            text: filter.text,
            sparesPlain: filter.sparesPlain === true,
          },
        ];
  });
}

/** The first filter that removes this item; undefined when it may be listed. */
export function findRemoval(
  filters: readonly ReadyFilter[],
  position: number,
): ReadyFilter | undefined {
  for (const filter of filters) {
    if (filter.removes(position)) return filter;
  }
  return undefined;
}

/** On sale, without a window of validity and not sold out. */
const PLAIN = ITEM_STATE.exists | ITEM_STATE.available;

/**
 * A test of many items: the same answer as `findRemoval`, with the filters
 * left out that cannot remove a plain item.
 */
export function createRemovalFinder(
  filters: readonly ReadyFilter[],
  state: Uint8Array,
  marks: Uint8Array,
): (position: number) => ReadyFilter | undefined {
  const forPlain = filters.filter(({ sparesPlain }) => !sparesPlain);
  return (position) =>
    findRemoval(
      state[position] === PLAIN && marks[position] === 0 ? forPlain : filters,
      position,
    );
}
