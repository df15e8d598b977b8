import { ApiError } from "@recsys/contracts";
import { momentErrors, toMoment } from "../ingest/moment.ts";

/** The span of a query in Unix milliseconds. Throws INVALID_REQUEST when one end is no moment. */
export function spanIn(query: {
  readonly from?: string;
  readonly to?: string;
}): { readonly from?: number; readonly to?: number } {
  const errors = momentErrors(query, ["from", "to"]);
  if (errors.length > 0) {
    throw new ApiError("INVALID_REQUEST", {
      errors: errors.map((error) => ({
        ...error,
        path: `/query${error.path}`,
      })),
    });
  }
  return {
    ...(query.from === undefined ? {} : { from: toMoment(query.from) }),
    ...(query.to === undefined ? {} : { to: toMoment(query.to) }),
  };
}
