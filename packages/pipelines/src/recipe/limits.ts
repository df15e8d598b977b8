import { ApiError } from "@recsys/contracts";
import type { PipelineParameters } from "@recsys/contracts";

export type Limits = PipelineParameters["limits"];

/** Throws LIMIT_EXCEEDED naming the limit, its value and what was found; nothing is ever cut. */
export function checkLimit(
  limits: Limits,
  name: keyof Limits,
  found: number,
): void {
  const limit = limits[name];
  if (found <= limit) return;
  throw new ApiError("LIMIT_EXCEEDED", {
    detail: `limits.${name} is ${limit}, this run has ${found}`,
  });
}
