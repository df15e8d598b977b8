import { ApiError } from "@recsys/contracts";
import { FIELDS, targetOf } from "./fields.ts";
import type { PlannedFile } from "./plan.ts";
import { visible } from "./visible.ts";

/** Throws UPLOAD_INVALID for a mapping to no field, or of a column that no file has. */
export function checkMapping(
  files: readonly PlannedFile[],
  mapping: Readonly<Record<string, string>>,
): void {
  // The keys of JSON lines are known only when all are read.
  const isTable = files.every((file) => file.columns !== null);
  const columns = files.flatMap((file) => file.columns ?? []);
  for (const [column, target] of Object.entries(mapping)) {
    for (const { entity } of files.map((file) => file.table)) {
      if (targetOf(FIELDS[entity], target) !== undefined) continue;
      throw refused(
        `sends the column "${visible(column)}" to "${visible(target)}", which is no field of ${entity}s. Fields: ${Object.keys(FIELDS[entity]).join(", ")}.`,
      );
    }
    if (isTable && !columns.includes(column)) {
      throw refused(
        `names the column "${visible(column)}", which is not there. Columns: ${visible(columns.join(", "))}.`,
      );
    }
  }
}

function refused(why: string): ApiError {
  return new ApiError("UPLOAD_INVALID", {
    detail: `The mapping ${why}`,
    fix: null,
  });
}
