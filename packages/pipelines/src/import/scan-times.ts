import type { PlannedFile } from "./plan.ts";
import { parseTime } from "./times.ts";

/** The newest time in the event files, Unix milliseconds; undefined when there is none. Reads each once. */
export async function lastEventTime(
  files: readonly PlannedFile[],
  mapping: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  let last: number | undefined;
  for (const file of files) {
    const column = file.table.timeColumn?.(mapping);
    if (column === undefined) continue;
    for await (const ms of timesOf(file, column)) {
      if (last === undefined || ms > last) last = ms;
    }
  }
  return last;
}

async function* timesOf(
  file: PlannedFile,
  column: string,
): AsyncGenerator<number> {
  const opened = await file.open();
  for await (const records of opened.records()) {
    let newest: number | undefined;
    let before: unknown;
    for (const { values } of records) {
      const value = values[column];
      // Lines of one order share their time.
      if (value === before) continue;
      before = value;
      const ms = parseTime(value);
      if (ms !== undefined && (newest === undefined || ms > newest))
        newest = ms;
    }
    if (newest !== undefined) yield newest;
  }
}
