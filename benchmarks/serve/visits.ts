import { seededRandom } from "@recsys/contracts";
import { SHOP, userId } from "./generated-shop.ts";

const VISITS = 20_000;

/** Bodies of requests for lists: user number n comes 1/n as often as the first (Zipf). */
export function visits(): string[] {
  const random = seededRandom(SHOP.seed + 2);
  const cumulative = new Float64Array(SHOP.users);
  let total = 0;
  for (let n = 0; n < SHOP.users; n++) {
    total += 1 / (n + 1);
    cumulative[n] = total;
  }
  return Array.from({ length: VISITS }, () => {
    const user = firstAtLeast(cumulative, random() * total);
    return JSON.stringify({
      surface: "home",
      k: 20,
      user: { user_id: userId(user) },
    });
  });
}

function firstAtLeast(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
