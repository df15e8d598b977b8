import { closeSync, openSync, writeSync } from "node:fs";

/** One row in a hundred is bad, each time in the next of these ways. */
const BAD_ROWS: readonly ((n: number) => string)[] = [
  (n) => `visitor-${n},sku-${n % 500},yesterday,view`,
  (n) => `visitor-${n},,2024-03-01T00:00:00Z,view`,
  (n) => `visitor-${n},sku-${n % 500},2024-03-01T00:00:00Z,view,one too many`,
  (n) => `visitor-${n},sku-${n % 500},2024-03-01T00:00:00Z,no such type!`,
];

/** Says which columns of the file are which fields. */
export const LARGE_FILE_MAP =
  "visitor=anonymous_id,sku=item_id,at=ts,what=type";

/** Writes a CSV file of events and gives the lines of its bad rows; the header is line 1. */
export function writeLargeFile(path: string, rows: number): number[] {
  const file = openSync(path, "w");
  const bad: number[] = [];
  let text = "visitor,sku,at,what\n";
  for (let n = 0; n < rows; n++) {
    if (n % 100 === 57) {
      const make = BAD_ROWS[bad.length % BAD_ROWS.length];
      bad.push(n + 2);
      text += `${make?.(n) ?? ""}\n`;
    } else {
      const at = new Date(Date.UTC(2024, 0, 1) + n * 10_000).toISOString();
      text += `visitor-${n % 3000},sku-${n % 500},${at},view\n`;
    }
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, text);
  closeSync(file);
  return bad;
}
