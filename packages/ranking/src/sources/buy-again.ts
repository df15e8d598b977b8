import { DAY_MS } from "@recsys/contracts";
import type { HistoryItem } from "../history.ts";
import { compareIds } from "../catalogue.ts";
import type { Source } from "../source.ts";

/** What the user keeps buying. Needs `eligibility.exclude_seen` at `none`, or `eligibility.repeat_after_days`, to be listed at all. */
export const buyAgain: Source<never> = {
  name: "buy_again",
  description:
    "Items that the user bought before, the more often the better; for shops where people refill.",
  needs: [],
  personal: "always",
  knobs: [
    {
      name: "buy_again.cooldown_days",
      description: "How long after a purchase an item is not offered again.",
      kind: "number",
      default: 3,
      minimum: 0,
      maximum: 365,
      unit: "days",
    },
  ],
  reasons: { buy_again: "You bought this before" },
  offer({ history, knobs, now, limit, catalogue }) {
    const cooldownMs = knobs.number("buy_again.cooldown_days") * DAY_MS;
    const due = history.items.filter(
      (item) =>
        item.purchases > 0 &&
        !item.isDisliked &&
        now - item.lastPurchaseTs >= cooldownMs,
    );
    if (due.length === 0) {
      return { outcome: "not-applicable", reason: "nothing is due again" };
    }
    const scores = new Map(due.map((item) => [item.position, habit(item)]));
    due.sort(
      (a, b) =>
        habit(b) - habit(a) ||
        compareIds(catalogue.ids, a.position, b.position),
    );
    return {
      outcome: "ok",
      positions: Int32Array.from(due.slice(0, limit), (item) => item.position),
      scoreOf: (position) => scores.get(position) ?? 0,
    };
  },
};

/** Fixed map of the number of purchases to 0..1: once 1/2, twice 2/3, three times 3/4. */
function habit(item: HistoryItem): number {
  return item.purchases / (item.purchases + 1);
}
