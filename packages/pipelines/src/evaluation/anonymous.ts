import type { EventColumns } from "../interactions/event-columns.ts";
import type { Training } from "../runner/run.ts";

/**
 * The events with users named by their place in the canonical order of
 * interactions instead of their random keys: a report holds no key, and the
 * same histories in another database are drawn and resampled alike.
 */
export function anonymous(training: Training): EventColumns {
  const place = new Map(
    training.interactions.users.map((key, at) => [key, at] as const),
  );
  const width = String(place.size).length;
  const values = training.events.user.values.map((key) => {
    const at = place.get(key);
    // Users without a usable interaction have no place; nothing of theirs is ranked or wanted.
    return at === undefined
      ? `unused ${key}`
      : `user ${String(at).padStart(width, "0")}`;
  });
  return {
    ...training.events,
    user: { codes: training.events.user.codes, values },
  };
}
