import { DAY_MS, MINUTE_MS } from "@recsys/contracts";
import { itemId } from "./shop.ts";

/** Forty users in two camps; each buys ten of the twenty items of its camp in the fifty days before `end`. */
export function twoCampPurchases(end: number): object[] {
  const events: object[] = [];
  for (let user = 0; user < 40; user++) {
    for (let day = 0; day < 50; day++) {
      if ((user * 7 + day * 3) % 5 !== 0) continue;
      const n = ((user + Math.floor(day / 5) * 3) % 20) * 2 + (user % 2);
      events.push({
        event_id: `camp-${user}-${day}`,
        user_id: `camp-${user}`,
        type: "purchase",
        item_id: itemId(n),
        ts: new Date(
          end - (50 - day) * DAY_MS + user * MINUTE_MS,
        ).toISOString(),
      });
    }
  }
  return events;
}
