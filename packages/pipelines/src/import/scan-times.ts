import type { PlannedFile } from "./plan.ts";
import type { ConversionOptions } from "./record.ts";

/** The newest time of an event in the files, Unix milliseconds; undefined when there is none. Reads every event file once. */
export async function lastEventTime(
  files: readonly PlannedFile[],
  optionsOf: (file: PlannedFile) => ConversionOptions,
): Promise<number | undefined> {
  let last: string | undefined;
  for (const file of files.filter((f) => f.table.entity === "event")) {
    const convert = file.table.open(optionsOf(file));
    const opened = await file.open();
    for await (const records of opened.records()) {
      for (const record of records) {
        if (record.problem !== undefined) continue;
        const conversion = convert(record);
        if (conversion.kind !== "rows") continue;
        for (const row of conversion.rows) {
          if (row.entity !== "event" || row.input.ts === undefined) continue;
          // All are written by toISOString, so their order is that of the texts.
          if (last === undefined || row.input.ts > last) last = row.input.ts;
        }
      }
    }
  }
  return last === undefined ? undefined : Date.parse(last);
}
