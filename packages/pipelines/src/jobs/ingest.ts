import { createHash } from "node:crypto";
import { eventSource } from "../lake/event-source.ts";
import { readIndex, type LakeIndex } from "../lake/lake-index.ts";
import { EVENTS, OUTCOMES } from "../lake/lake-table.ts";
import { outcomeSource } from "../lake/outcome-source.ts";
import { syncTable } from "../lake/sync-table.ts";
import type { Job } from "./job.ts";

export const ingest: Job = {
  name: "ingest",
  description:
    "Brings events and outcomes, day by day where something changed, into the lake as sorted Parquet.",
  inputs: [],
  outputs: ["events"],
  owner: "data-platform",
  objectiveHours: 24,
  run: async (run) => {
    const target = { folder: run.lakeFolder, backfill: run.backfill };
    const events = await syncTable(
      run.duck,
      {
        ...target,
        table: EVENTS,
        onDay: (done, of) => {
          run.progress(done / of);
        },
      },
      eventSource(run),
    );
    const outcomes = await syncTable(
      run.duck,
      { ...target, table: OUTCOMES },
      outcomeSource(run, await readIndex(run.lakeFolder, OUTCOMES), run.asOf),
    );
    const changed = events.written.length + events.removed.length;
    return {
      result: changed === 0 ? "nothing-to-do" : "done",
      facts: {
        days_written: events.written.length,
        days_removed: events.removed.length,
        days_unchanged: events.unchanged,
        events: events.rows,
        days_hash: daysHash(events.index),
        outcome_days_written: outcomes.written.length,
        outcomes: outcomes.rows,
      },
    };
  },
};

/** One hash over the files that the run reads: its lineage to the events. */
function daysHash(index: LakeIndex): string {
  const files = [...index].map(([day, { sha256 }]) => `${day} ${sha256}`);
  return createHash("sha256").update(files.sort().join("\n")).digest("hex");
}
