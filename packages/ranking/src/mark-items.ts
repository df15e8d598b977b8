import { DAY_MS, type RankRequest, type UserState } from "@recsys/contracts";
import type { Anchor, History } from "./history.ts";
import { cappedPositions } from "./impressions.ts";
import type { Knobs } from "./knob-reader.ts";
import type { NamedItem } from "./named-items.ts";
import { mark, MARK, type Scratch } from "./scratch.ts";
import type { Snapshot } from "./snapshot.ts";

interface Said {
  readonly request: RankRequest;
  readonly snapshot: Snapshot;
  readonly userState: UserState;
  readonly now: number;
  readonly knobs: Knobs;
  readonly history: History;
  readonly given: readonly Anchor[];
  readonly pins: readonly NamedItem[];
}

/**
 * Marks what the request and the history say of items; returns how many
 * distinct items that will surely remove, by which sources over-fetch. Items
 * of earlier pages are not among them: a list that is turned page by page has
 * the candidates of one long list.
 */
export function markItems(said: Said): number {
  const { request, snapshot, knobs, given } = said;
  const { scratch, catalogue } = snapshot;
  markIds(snapshot, request.exclude, MARK.excluded);
  markIds(snapshot, request.shown, MARK.shown);
  markIds(snapshot, unpinned(said), MARK.shown);
  for (const { position } of given) mark(scratch, position, MARK.anchor);
  markHistory(scratch, said);
  for (const position of cappedPositions({ ...said, catalogue }, knobs)) {
    mark(scratch, position, MARK.capped);
  }
  const surelyRemoved = scratch.marked.length;
  markIds(snapshot, request.paged ?? [], MARK.shown);
  markIds(snapshot, request.include ?? [], MARK.included);
  return surelyRemoved;
}

/** Items of earlier lists of the page, but those that a rule pins by name here. */
function unpinned({ request, pins }: Said): readonly string[] {
  const onPage = request.onPage ?? [];
  if (pins.length === 0) return onPage;
  const pinned = new Set(pins.map(({ itemId }) => itemId));
  return onPage.filter((id) => !pinned.has(id));
}

function markIds(
  { scratch, catalogue }: Snapshot,
  ids: readonly string[],
  bit: number,
): void {
  for (const id of ids) {
    const position = catalogue.positionOf(id);
    if (position >= 0) mark(scratch, position, bit);
  }
}

function markHistory(scratch: Scratch, { history, knobs, now }: Said): void {
  const what = knobs.choice("eligibility.exclude_seen");
  const repeatMs = knobs.number("eligibility.repeat_after_days") * DAY_MS;
  for (const item of history.items) {
    if (item.isDisliked) mark(scratch, item.position, MARK.disliked);
    const isDue = repeatMs > 0 && now - item.lastPurchaseTs >= repeatMs;
    if (isDue && item.purchases > 0) continue;
    if (what === "all") mark(scratch, item.position, MARK.seen);
    if (what === "purchased" && item.purchases > 0) {
      mark(scratch, item.position, MARK.purchased);
    }
  }
}
