import {
  DAY_MS,
  RETURN,
  type ConfigDocument,
  type EventTypePolicy,
  type RankRequest,
  type UserEvent,
  type UserState,
} from "@recsys/contracts";
import type { Catalogue } from "./catalogue.ts";
import type { Knobs } from "./knob-reader.ts";
import type { Scratch } from "./scratch.ts";

/** An item to start from, with how much it says. Negative: less of what is like it. */
export interface Anchor {
  readonly position: number;
  readonly weight: number;
  /** Sum of the decayed weights of its positive events, for models that weigh evidence themselves. */
  readonly evidence: number;
  /** Type of the newest event behind it, null for an anchor of the request. */
  readonly event: string | null;
}

/** What the user did with one item. */
export interface HistoryItem {
  readonly position: number;
  /** Sum of decayed event-type weights of the positive events. */
  weight: number;
  purchases: number;
  /** Unix milliseconds of the newest event and of the newest purchase (-Infinity: never). */
  readonly lastTs: number;
  lastPurchaseTs: number;
  /** Type of the newest event. */
  readonly lastType: string;
  /** The newest event is of a negative type; a later positive one takes that back. */
  readonly isDisliked: boolean;
}

/** The user's events by item, newest first, and the events themselves. */
export interface History {
  readonly items: readonly HistoryItem[];
  readonly events: readonly UserEvent[];
}

const NO_HISTORY: History = { items: [], events: [] };

/**
 * The events of the user by catalogue item. Events of types that the
 * configuration does not know say nothing about taste; events in the future
 * count as now. Without consent the history is empty.
 */
export function readHistory(
  state: UserState,
  place: {
    readonly catalogue: Catalogue;
    readonly config: ConfigDocument;
    readonly knobs: Knobs;
    readonly now: number;
    readonly scratch: Scratch;
  },
): History {
  if (state.consent === "denied" || state.events.length === 0) {
    return NO_HISTORY;
  }
  const events = newestFirst(state.events);
  const scale = place.knobs.number("history.half_life_scale");
  const items: HistoryItem[] = [];
  const { slotOf } = place.scratch;
  for (const event of events) {
    const position = place.catalogue.positionOf(event.item_id);
    // What was bought and given back is no news of taste.
    if (position < 0 || event.type === RETURN) continue;
    const policy = policyOf(place.config, event.type);
    const slot = (slotOf[position] ?? 0) - 1;
    const known = slot < 0 ? undefined : items[slot];
    const item = known ?? startItem(event, position, policy);
    if (known === undefined) slotOf[position] = items.push(item);
    count(item, event, decayedWeight(event, policy, { now: place.now, scale }));
  }
  for (const item of items) slotOf[item.position] = 0;
  return { items, events };
}

function startItem(
  event: UserEvent,
  position: number,
  policy: EventTypePolicy | undefined,
): HistoryItem {
  return {
    position,
    weight: 0,
    purchases: 0,
    lastTs: event.ts,
    lastPurchaseTs: -Infinity,
    lastType: event.type,
    isDisliked: policy?.sign === "negative",
  };
}

function count(item: HistoryItem, event: UserEvent, weight: number): void {
  item.weight += weight;
  if (event.type !== "purchase") return;
  item.purchases++;
  item.lastPurchaseTs = Math.max(item.lastPurchaseTs, event.ts);
}

function policyOf(
  config: ConfigDocument,
  type: string,
): EventTypePolicy | undefined {
  return Object.hasOwn(config.event_types, type)
    ? config.event_types[type]
    : undefined;
}

function decayedWeight(
  event: UserEvent,
  policy: EventTypePolicy | undefined,
  at: { readonly now: number; readonly scale: number },
): number {
  if (policy === undefined) return 0;
  const ageDays = Math.max(0, at.now - event.ts) / DAY_MS;
  if (policy.sign === "negative") return 0;
  return policy.weight * 2 ** (-ageDays / (policy.half_life_days * at.scale));
}

/** Newest first; equal times by item and type, so that no order of arrival shows. */
function newestFirst(events: readonly UserEvent[]): readonly UserEvent[] {
  for (let i = 1; i < events.length; i++) {
    const before = events[i - 1];
    const event = events[i];
    if (before === undefined || event === undefined) continue;
    if (compareEvents(before, event) > 0) {
      return [...events].sort(compareEvents);
    }
  }
  return events;
}

function compareEvents(a: UserEvent, b: UserEvent): number {
  if (a.ts !== b.ts) return b.ts - a.ts;
  if (a.item_id !== b.item_id) return a.item_id < b.item_id ? -1 : 1;
  return a.type < b.type ? -1 : a.type > b.type ? 1 : 0;
}

/** The anchors of the request that the catalogue knows, by id, each once. */
export function requestAnchors(
  request: Pick<RankRequest, "anchors">,
  catalogue: Catalogue,
): readonly Anchor[] {
  if (request.anchors.length === 0) return [];
  return [...new Set(request.anchors)]
    .sort()
    .map((id) => catalogue.positionOf(id))
    .filter((position) => position >= 0)
    .map((position) => ({ position, weight: 1, evidence: 1, event: null }));
}

/**
 * The user's newest items as anchors. A disliked item is no evidence for what
 * is like it; with `history.negative_share` it counts against it.
 */
export function readTastes(history: History, knobs: Knobs): readonly Anchor[] {
  if (history.items.length === 0) return [];
  const power = knobs.number("history.weight_power");
  const negativeShare = knobs.number("history.negative_share");
  const limit = knobs.number("history.items");
  const anchors: Anchor[] = [];
  for (const item of history.items) {
    if (anchors.length === limit) break;
    const weight = tasteWeight(item, power, negativeShare);
    if (weight === 0) continue;
    anchors.push({
      position: item.position,
      weight,
      evidence: item.weight,
      event: item.lastType,
    });
  }
  return anchors;
}

function tasteWeight(
  item: HistoryItem,
  power: number,
  negativeShare: number,
): number {
  if (item.isDisliked) return -negativeShare;
  return item.weight > 0 ? item.weight ** power : 0;
}
