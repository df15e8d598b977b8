import type { FallbackLists, FieldError, RuleTarget } from "@recsys/contracts";
import type { Snapshot } from "@recsys/ranking";
import { toMoment } from "../ingest/moment.ts";
import type { Static } from "typebox";

type FallbackList = FallbackLists["lists"][string];

/** Everything that keeps a list from being a good fallback: missing, unavailable, repeated or blocked items, no items, a past expiry. */
export function fallbackErrors(
  list: FallbackList,
  facts: {
    readonly snapshot: Snapshot;
    readonly surface: string;
    readonly now: number;
  },
): FieldError[] {
  const errors = list.item_ids.flatMap((id, i) => {
    const found = itemError(id, facts);
    const isRepeated = list.item_ids.indexOf(id) !== i;
    const message = isRepeated ? "is in the list already" : found;
    return message === null
      ? []
      : [{ path: `/item_ids/${i}`, code: "fallback_item", message }];
  });
  if (list.item_ids.length === 0) {
    errors.push({
      path: "/item_ids",
      code: "required",
      message: "at least one item is needed",
    });
  }
  // Not-a-number fails the comparison as well.
  if (!(toMoment(list.expires_at) > facts.now)) {
    errors.push({
      path: "/expires_at",
      code: "time",
      message: "must be a moment in the future",
    });
  }
  return errors;
}

function itemError(
  id: string,
  facts: {
    readonly snapshot: Snapshot;
    readonly surface: string;
    readonly now: number;
  },
): string | null {
  const { snapshot, surface, now } = facts;
  const { catalogue } = snapshot;
  const item = catalogue.items[catalogue.positionOf(id)] ?? null;
  if (item === null) return "is not in the catalogue";
  if (!item.available) return "is not available";
  const isOver = item.valid_until !== undefined && item.valid_until <= now;
  if (isOver) return "is past its validity";
  const blocking = snapshot.rules.rules.find(
    (rule) =>
      rule.enabled &&
      rule.action === "BLOCK" &&
      rule.segment === undefined &&
      (rule.surface === undefined || rule.surface === surface) &&
      covers(rule, now) &&
      isTargeted(rule.target, item),
  );
  return blocking === undefined ? null : `is blocked by rule ${blocking.id}`;
}

function covers(
  rule: { readonly valid_from?: string; readonly valid_until?: string },
  now: number,
): boolean {
  const from =
    rule.valid_from === undefined ? -Infinity : toMoment(rule.valid_from);
  const until =
    rule.valid_until === undefined ? Infinity : toMoment(rule.valid_until);
  return from <= now && now < until;
}

/** An item meets a target when it meets every part of it that is given. */
function isTargeted(
  target: Static<typeof RuleTarget>,
  item: {
    readonly item_id: string;
    readonly tags: readonly string[];
    readonly category: readonly string[];
    readonly brand?: string;
  },
): boolean {
  const { item_ids, tags, brand, category } = target;
  return (
    (item_ids?.includes(item.item_id) ?? true) &&
    (tags?.some((tag) => item.tags.includes(tag)) ?? true) &&
    (brand === undefined || brand === item.brand) &&
    (category === undefined || item.category.includes(category))
  );
}
