import type { FallbackLists, FieldError } from "@recsys/contracts";
import {
  brokenLabel,
  findBlockingRule,
  thresholdsFor,
  type Snapshot,
} from "@recsys/ranking";
import { toMoment } from "../ingest/moment.ts";

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
  const errors = itemErrors("/item_ids", list.item_ids, facts);
  for (const [segment, ids] of Object.entries(list.segments ?? {})) {
    const path = `/segments/${segment}`;
    const { segments } = facts.snapshot.config;
    if (!segments.some(({ name }) => name === segment)) {
      const message = `there is no segment ${segment}`;
      errors.push({ path, code: "unknown_segment", message });
    }
    errors.push(...itemErrors(path, ids, facts));
  }
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

function itemErrors(
  path: string,
  ids: readonly string[],
  facts: Parameters<typeof itemError>[1],
): FieldError[] {
  const seen = new Set<string>();
  return ids.flatMap((id, i) => {
    const message = seen.has(id)
      ? "is in the list already"
      : itemError(id, facts);
    seen.add(id);
    return message === null
      ? []
      : [{ path: `${path}/${i}`, code: "fallback_item", message }];
  });
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
  const label = brokenLabel(item, {
    thresholds: thresholdsFor(snapshot.config, { surface, traits: {} }),
    decided: snapshot.compiledRules.decided,
    now,
  });
  if (label !== null) return `is kept out by the policy label ${label}`;
  const blocking = findBlockingRule(snapshot, item, { surface, now });
  return blocking === null ? null : `is blocked by rule ${blocking.id}`;
}
