import { writeFile } from "node:fs/promises";
import type { Plan } from "./plan.ts";
import type { Tally } from "./tally.ts";
import type { EvidenceCheck } from "./target.ts";

/** What an import did, as it is written to the evidence file: counts, rejections by code, and what was read back. */
export interface ImportReport {
  readonly schema: 1;
  readonly adapter: string;
  readonly target: string;
  readonly dryRun: boolean;
  /** False for a dry run that did not hold the rows against what is stored: all good ones count as accepted. */
  readonly compared: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly files: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly format: string;
    readonly table: string;
  }[];
  /** Added to every time of the files. */
  readonly timeOffsetDays: number;
  /** True when this run went on where an earlier one stopped; the counts are those of both. */
  readonly resumed: boolean;
  readonly tally: Tally;
  readonly checks: readonly EvidenceCheck[];
  /** All checks hold. */
  readonly ok: boolean;
}

export function describeFiles(plan: Plan): ImportReport["files"] {
  return plan.files.map(({ name, sha256, bytes, format, table }) => ({
    name,
    sha256,
    bytes,
    format,
    table: table.name,
  }));
}

/** Every row that was read is accounted for: loaded, already there, rejected or left out. */
export function accountedFor(tally: Tally): EvidenceCheck {
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const found =
    sum(tally.accepted) +
    sum(tally.duplicate) +
    sum(tally.rejected) +
    sum(tally.dropped);
  return {
    check: "every row that was read is accounted for",
    expected: tally.rows,
    found,
    ok: found >= tally.rows,
  };
}

export async function writeEvidence(
  path: string,
  report: ImportReport,
): Promise<void> {
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
}
