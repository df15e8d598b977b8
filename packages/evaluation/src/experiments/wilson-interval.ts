import type { ComputedInterval } from "@recsys/contracts";
import { computedInterval, notComputable } from "../computed.ts";
import { normalCritical } from "../special/normal.ts";

/**
 * Score interval of a proportion: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) ÷ (1 + z²/n).
 * Wilson, Probable inference, JASA 22 (1927). Range 0..1, touched only by 0 and n successes.
 * Not computable without trials.
 */
export function wilsonInterval(
  { successes, n }: { readonly successes: number; readonly n: number },
  alpha: number,
): ComputedInterval {
  if (!(n > 0)) return notComputable("there are no trials");
  const z = normalCritical(alpha);
  const p = successes / n;
  const centre = p + (z * z) / (2 * n);
  const reach = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // The ends are 0 and 1 exactly there; rounding may step past them.
  const low = successes === 0 ? 0 : (centre - reach) / scale;
  const high = successes === n ? 1 : (centre + reach) / scale;
  return computedInterval(low, high);
}
