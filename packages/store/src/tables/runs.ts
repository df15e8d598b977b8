import type { Json } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";

export type RunState = "running" | "succeeded" | "failed" | "abandoned";

export interface NewRun {
  readonly pipeline: string;
  readonly owner: string;
  /** Who or what started it: schedule, api, cli. */
  readonly trigger: string;
  /** Unix milliseconds; all learning is as of then. */
  readonly asOf: number;
  readonly codeVersion: string;
  readonly parameters: Json;
}

export interface Run extends NewRun {
  readonly runId: string;
  readonly namespace: string;
  readonly state: RunState;
  /** What it read and what it made: with parameters and code, its lineage. */
  readonly inputs: Json;
  readonly outputs: Json;
  readonly progress: Json;
  readonly error: string | null;
  readonly startedAt: number;
  readonly heartbeatAt: number;
  readonly finishedAt: number | null;
}

const COLUMNS = sql`
  r.run_id as "runId", r.namespace, r.pipeline, r.state, r.owner, r.trigger,
  recsys.unix_ms(r.as_of) as "asOf", r.code_version as "codeVersion",
  r.parameters, r.inputs, r.outputs, r.progress, r.error,
  recsys.unix_ms(r.started_at) as "startedAt",
  recsys.unix_ms(r.heartbeat_at) as "heartbeatAt",
  recsys.unix_ms(r.finished_at) as "finishedAt"`;

/** Records a run as `running` and returns its id. */
export async function startRun(
  tx: TenantTx,
  namespace: string,
  run: NewRun,
): Promise<string> {
  const made = await sql<{ runId: string }>`
    insert into public.runs
           (tenant_id, namespace, pipeline, owner, trigger, as_of,
            code_version, parameters)
    values (${tx.tenant}, ${namespace}, ${run.pipeline}, ${run.owner},
            ${run.trigger}, recsys.from_unix_ms(${run.asOf}::float8),
            ${run.codeVersion}, ${JSON.stringify(run.parameters)}::jsonb)
    returning run_id as "runId"`.execute(tx.db);
  const [row] = made.rows;
  if (row === undefined) throw new Error("the insert returned no row");
  return row.runId;
}

/** Shows that a run is alive, with its progress. False when it is no longer running: stop then. */
export async function heartbeatRun(
  tx: TenantTx,
  runId: string,
  progress: Json,
): Promise<boolean> {
  const updated = await sql`
    update public.runs
       set heartbeat_at = recsys.now(),
           progress = ${JSON.stringify(progress)}::jsonb
     where tenant_id = ${tx.tenant} and run_id = ${runId}
       and state = 'running'`.execute(tx.db);
  return updated.numAffectedRows === 1n;
}

/** Ends a run. False when it had ended already (abandoned by another process). */
export async function finishRun(
  tx: TenantTx,
  runId: string,
  end: {
    readonly state: "succeeded" | "failed";
    readonly inputs?: Json;
    readonly outputs?: Json;
    readonly error?: string;
  },
): Promise<boolean> {
  const updated = await sql`
    update public.runs
       set state = ${end.state}, error = ${end.error ?? null},
           inputs = ${JSON.stringify(end.inputs ?? {})}::jsonb,
           outputs = ${JSON.stringify(end.outputs ?? {})}::jsonb,
           heartbeat_at = recsys.now(), finished_at = recsys.now()
     where tenant_id = ${tx.tenant} and run_id = ${runId}
       and state = 'running'`.execute(tx.db);
  return updated.numAffectedRows === 1n;
}

/** Marks runs without heartbeat for this long as abandoned and returns their ids. */
export async function abandonRuns(
  tx: TenantTx,
  namespace: string,
  afterSeconds: number,
): Promise<readonly string[]> {
  const gone = await sql<{ runId: string }>`
    update public.runs
       set state = 'abandoned', finished_at = recsys.now(),
           error = 'its process ended without a word'
     where tenant_id = ${tx.tenant} and namespace = ${namespace}
       and state = 'running'
       and heartbeat_at < recsys.now() - make_interval(secs => ${afterSeconds})
    returning run_id as "runId"`.execute(tx.db);
  return gone.rows.map((row) => row.runId);
}

/** One run, or null. */
export async function findRun(
  tx: TenantTx,
  runId: string,
): Promise<Run | null> {
  const found = await sql<Run>`
    select ${COLUMNS}
      from public.runs r
     where r.tenant_id = ${tx.tenant} and r.run_id = ${runId}`.execute(tx.db);
  return found.rows[0] ?? null;
}

/** A page of runs, newest first. */
export async function listRuns(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & {
    readonly pipeline?: string;
    readonly state?: RunState;
  },
): Promise<Page<Run>> {
  const [ms, id] =
    list.cursor === undefined
      ? []
      : decodeCursor(list.cursor, ["time", "uuid"]);
  const found = await sql<Run>`
    select ${COLUMNS}
      from public.runs r
     where r.tenant_id = ${tx.tenant} and r.namespace = ${namespace}
       and (${list.pipeline ?? null}::text is null
            or r.pipeline = ${list.pipeline ?? null})
       and (${list.state ?? null}::text is null or r.state = ${list.state ?? null})
       and (${ms ?? null}::float8 is null
            or (recsys.unix_ms(r.started_at), r.run_id)
               < (${ms ?? null}::float8, ${id ?? null}::uuid))
     order by recsys.unix_ms(r.started_at) desc, r.run_id desc
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, (row) => [row.startedAt, row.runId]);
}
