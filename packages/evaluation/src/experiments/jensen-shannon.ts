import type { ComputedNumber } from "@recsys/contracts";
import { notComputable, unless } from "../computed.ts";
import { shares } from "./psi.ts";

/**
 * Jensen–Shannon divergence in bits between two distributions over the same
 * bins: entropy of their mean minus the mean of their entropies.
 * Lin, Divergence measures based on the Shannon entropy, IEEE Trans. IT 37 (1991).
 * Range 0 (same) .. 1 (nothing shared). Not computable for an empty side.
 */
export function jensenShannon(
  a: readonly number[],
  b: readonly number[],
): ComputedNumber {
  const [p, q] = [shares(a), shares(b)];
  if (p === null || q === null) {
    return notComputable("one of the two has no counts");
  }
  if (p.length !== q.length) {
    throw new Error(`${p.length} bins against ${q.length}`);
  }
  let sum = 0;
  for (const [i, share] of p.entries()) {
    const other = q[i] ?? 0;
    const middle = (share + other) / 2;
    sum += (part(share, middle) + part(other, middle)) / 2;
  }
  return unless(null, Math.min(1, Math.max(0, sum)));
}

function part(share: number, middle: number): number {
  return share > 0 ? share * Math.log2(share / middle) : 0;
}
