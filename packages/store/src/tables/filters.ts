import { ApiError } from "@recsys/contracts";
import { sql, type RawBuilder } from "kysely";

/** All conditions together. */
export function allOf(
  conditions: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> {
  return sql.join(conditions, sql` and `);
}

/** Throws INVALID_REQUEST for a filter without conditions: it would delete everything. */
export function refuseEmpty(filter: object): void {
  if (Object.values(filter).some((value) => value !== undefined)) return;
  throw new ApiError("INVALID_REQUEST", {
    errors: [
      {
        path: "/filter",
        code: "required",
        message: "name at least one condition: without any, all would go",
      },
    ],
  });
}
