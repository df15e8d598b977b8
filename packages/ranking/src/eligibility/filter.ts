import type { RankRequest } from "@recsys/contracts";
import type { Catalogue } from "../catalogue.ts";
import type { Knobs } from "../knob-reader.ts";
import type { ActiveRules } from "../rules.ts";
import type { ReadyFilter } from "../work.ts";

/** What a filter may look at. */
export interface FilterInput {
  readonly request: RankRequest;
  readonly catalogue: Catalogue;
  readonly knobs: Knobs;
  readonly rules: ActiveRules;
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
      : [{ reason: filter.reason, text: filter.text, ...ready }];
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
