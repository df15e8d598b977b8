import { seededRandom } from "@recsys/contracts";
import { createInteractions, type Interactions } from "@recsys/learning";

/** People with 20 items on average, drawn by Zipf's law; no pair twice. */
export function zipf(pairs: number): Interactions {
  const draw = seededRandom(pairs);
  const itemCount = Math.ceil(pairs / 25);
  const people = Math.ceil(pairs / 20);
  const seen = new Set<number>();
  const user: string[] = [];
  const item: string[] = [];
  while (user.length < pairs) {
    const u = Math.floor(draw() * people);
    // The inverse of a density that falls as 1 / rank.
    const i = Math.floor(itemCount ** draw()) - 1;
    const pair = u * itemCount + i;
    if (seen.has(pair) && draw() < 0.9) continue;
    seen.add(pair);
    user.push(`u${u}`);
    item.push(`i${i}`);
  }
  return createInteractions({
    user,
    item,
    weight: user.map(() => 1),
    ts: user.map(() => 0),
  });
}
