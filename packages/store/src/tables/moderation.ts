import {
  ApiError,
  TASK_MOVES,
  type TaskState,
  type TaskStep,
} from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { decodeCursor, toPage, type Page, type PageRequest } from "./cursor.ts";
import { allOf } from "./filters.ts";

/** A report, or several for the same item and label, and what became of it. Times in Unix milliseconds. */
export interface ModerationTask {
  readonly taskId: string;
  readonly namespace: string;
  readonly itemId: string;
  readonly label: string;
  readonly state: TaskState;
  readonly reports: number;
  readonly openedAt: number;
  readonly changedAt: number;
  readonly decidedBy: string | null;
  readonly expiresAt: number | null;
}

export interface ModerationStep {
  readonly at: number;
  readonly step: TaskStep | "report";
  readonly actor: string;
  readonly note: string | null;
  readonly decisionId: string | null;
}

const COLUMNS = sql`
  t.task_id as "taskId", t.namespace, t.item_id as "itemId", t.label, t.state,
  t.reports, recsys.unix_ms(t.opened_at) as "openedAt",
  recsys.unix_ms(t.changed_at) as "changedAt", t.decided_by as "decidedBy",
  recsys.unix_ms(t.expires_at) as "expiresAt"`;

/** Opens a task for the item and the label, or adds the report to the one that is open. */
export async function reportItem(
  tx: TenantTx,
  namespace: string,
  report: {
    readonly itemId: string;
    readonly label: string;
    readonly actor: string;
    readonly note: string | null;
    readonly decisionId: string | null;
  },
): Promise<ModerationTask> {
  const made = await sql<ModerationTask>`
    insert into public.moderation_tasks as t
           (tenant_id, namespace, item_id, label)
    values (${tx.tenant}, ${namespace}, ${report.itemId}, ${report.label})
        on conflict (tenant_id, namespace, item_id, label) where state = 'open'
        do update set reports = t.reports + 1, changed_at = recsys.now()
    returning ${COLUMNS}`.execute(tx.db);
  const [task] = made.rows;
  if (task === undefined) throw new Error("a report made no task");
  await addStep(tx, task.taskId, { ...report, step: "report" });
  return task;
}

async function addStep(
  tx: TenantTx,
  taskId: string,
  step: Omit<ModerationStep, "at">,
): Promise<void> {
  await sql`
    insert into public.moderation_steps
           (tenant_id, task_id, step, actor, note, decision_id)
    values (${tx.tenant}, ${taskId}, ${step.step}, ${step.actor}, ${step.note},
            ${step.decisionId}::uuid)`.execute(tx.db);
}

/** One task with its steps, oldest first; null when there is none. */
export async function findTask(
  tx: TenantTx,
  taskId: string,
): Promise<{
  readonly task: ModerationTask;
  readonly steps: readonly ModerationStep[];
} | null> {
  const found = await sql<ModerationTask>`
    select ${COLUMNS} from public.moderation_tasks t
     where t.tenant_id = ${tx.tenant} and t.task_id = ${taskId}`.execute(tx.db);
  const [task] = found.rows;
  if (task === undefined) return null;
  const steps = await sql<ModerationStep>`
    select recsys.unix_ms(s.at) as at, s.step, s.actor, s.note,
           s.decision_id as "decisionId"
      from public.moderation_steps s
     where s.tenant_id = ${tx.tenant} and s.task_id = ${taskId}
     order by s.at, s.step_id`.execute(tx.db);
  return { task, steps: steps.rows };
}

/** A page of tasks, the newest first. */
export async function listTasks(
  tx: TenantTx,
  namespace: string,
  list: PageRequest & {
    readonly filter: {
      readonly state?: TaskState;
      readonly itemId?: string;
      readonly label?: string;
    };
  },
): Promise<Page<ModerationTask>> {
  const { state, itemId, label } = list.filter;
  const conditions = [
    sql`t.tenant_id = ${tx.tenant} and t.namespace = ${namespace}`,
  ];
  if (state !== undefined) conditions.push(sql`t.state = ${state}`);
  if (itemId !== undefined) conditions.push(sql`t.item_id = ${itemId}`);
  if (label !== undefined) conditions.push(sql`t.label = ${label}`);
  if (list.cursor !== undefined) {
    const [after] = decodeCursor(list.cursor, ["uuid"]);
    conditions.push(
      sql`(t.opened_at, t.task_id) < (select b.opened_at, b.task_id
             from public.moderation_tasks b
            where b.tenant_id = ${tx.tenant} and b.task_id = ${after}::uuid)`,
    );
  }
  const found = await sql<ModerationTask>`
    select ${COLUMNS} from public.moderation_tasks t
     where ${allOf(conditions)}
     order by t.opened_at desc, t.task_id desc
     limit ${list.limit + 1}`.execute(tx.db);
  return toPage(found.rows, list.limit, ({ taskId }) => [taskId]);
}

/**
 * Takes one step of a task. Throws NOT_FOUND, and VERSION_CONFLICT when
 * TASK_MOVES does not lead on from where it is, or when who decides an appeal
 * is who decided before.
 */
export async function moveTask(
  tx: TenantTx,
  taskId: string,
  move: {
    readonly step: TaskStep;
    readonly actor: string;
    readonly note: string;
    /** Unix milliseconds. */
    readonly expiresAt: number | null;
  },
): Promise<ModerationTask> {
  const found = await sql<ModerationTask>`
    select ${COLUMNS} from public.moderation_tasks t
     where t.tenant_id = ${tx.tenant} and t.task_id = ${taskId}
       for update`.execute(tx.db);
  const [task] = found.rows;
  if (task === undefined) throw new ApiError("NOT_FOUND");
  const to = TASK_MOVES[task.state][move.step];
  if (to === null) {
    throw new ApiError("VERSION_CONFLICT", {
      detail: `The task is ${task.state}: it does not take the step ${move.step}.`,
    });
  }
  if (task.state === "appealed" && task.decidedBy === move.actor) {
    throw new ApiError("VERSION_CONFLICT", {
      detail: `${move.actor} decided before: somebody else decides the appeal.`,
      fix: null,
    });
  }
  const decidedBy = move.step === "appeal" ? task.decidedBy : move.actor;
  const expiresAt = move.step === "appeal" ? task.expiresAt : move.expiresAt;
  const moved = await sql<ModerationTask>`
    update public.moderation_tasks t
       set state = ${to}, changed_at = recsys.now(), decided_by = ${decidedBy},
           expires_at = recsys.from_unix_ms(${expiresAt}::float8)
     where t.tenant_id = ${tx.tenant} and t.task_id = ${taskId}
    returning ${COLUMNS}`.execute(tx.db);
  await addStep(tx, taskId, { ...move, decisionId: null });
  return moved.rows[0] ?? task;
}
