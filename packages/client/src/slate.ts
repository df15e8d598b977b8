import type { RecommendResponse } from "@recsys/contracts";
import { RecsysError } from "./recsys-error.ts";

/** The caller's own list, shown because the service could not be had; `meta` null tells it from a served one. */
export interface FallbackSlate {
  readonly items: readonly {
    readonly item_id: string;
    readonly rank: number;
  }[];
  readonly meta: null;
  /** Why: worth a line in the caller's log. */
  readonly error: RecsysError;
}

export type Slate = RecommendResponse | FallbackSlate;

/** The served list, or the fallback when the service is unavailable. Errors that the caller made are thrown. */
export async function orFallback(
  answer: Promise<RecommendResponse>,
  fallback: readonly string[],
): Promise<Slate> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RecsysError) || !error.isUnavailable) throw error;
    const items = fallback.map((item_id, at) => ({ item_id, rank: at + 1 }));
    return { items, meta: null, error };
  }
}
