import {
  HOUR_MS,
  MINUTE_MS,
  returnProblem,
  type ConfigDocument,
  type EventInput,
  type FieldError,
  type OutcomeInput,
  type RowResult,
} from "@recsys/contracts";
import { EARLIEST_EVENT_MS, type NewEvent } from "@recsys/store";
import { rejected, rowErrors, type BatchRow } from "../http/batch.ts";
import { declaredOnly } from "../serving/declared-keys.ts";
import { momentErrors, toMoment } from "./moment.ts";
import type { identities } from "./subjects.ts";

/** By what rows are judged. */
export interface EventRules {
  readonly config: ConfigDocument;
  readonly who: ReturnType<typeof identities>;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Rows that may be written, the results of those that may not, and what to say about the good ones. */
export interface JudgedEvents {
  readonly events: readonly NewEvent[];
  readonly rejections: readonly RowResult[];
  readonly warnings: ReadonlyMap<number, readonly string[]>;
}

/** Events as callers send them, by the policies of the namespace. */
export function judgeEvents(
  rows: readonly BatchRow<EventInput>[],
  rules: EventRules,
): JudgedEvents {
  const contextOf = (input: Partial<EventInput>) =>
    declaredOnly(input.context, {
      fields: rules.config.schema.context,
      path: "/context",
      noun: "context key",
    });
  return judge(rows, {
    errorsOf: (input, known) => [
      ...sharedErrors(input, rules),
      ...nobodyErrors(input, known),
      ...contextOf(input).errors,
    ],
    warningsOf: (input) => [
      ...contextOf(input).warnings.map(({ detail }) => detail),
      ...lateWarnings(input, rules),
    ],
    eventOf: (input, row) => ({
      ...sharedFields(input, row, rules),
      eventId: input.event_id ?? null,
      currency: input.currency ?? null,
      requestId: input.request_id ?? null,
      position: input.position ?? null,
      surface: input.surface ?? null,
      context: input.context === undefined ? null : contextOf(input).values,
      client: input.client ?? null,
      canary: input.canary ?? false,
    }),
  });
}

/** Outcomes are events that name the answer they followed from; who it was may be left to the decision. */
export function judgeOutcomes(
  rows: readonly BatchRow<OutcomeInput>[],
  rules: EventRules,
): JudgedEvents {
  return judge(rows, {
    errorsOf: (input) => sharedErrors(input, rules),
    warningsOf: (input) => lateWarnings(input, rules),
    eventOf: (input, row) => ({
      ...sharedFields(input, row, rules),
      eventId: input.outcome_id ?? null,
      requestId: input.request_id,
    }),
  });
}

interface Judgement<T> {
  /** What is wrong by meaning with the fields that are there; `known` is wrong by the schema. */
  readonly errorsOf: (
    input: Partial<T>,
    known: readonly FieldError[],
  ) => readonly FieldError[];
  readonly warningsOf: (input: T) => readonly string[];
  readonly eventOf: (input: T, row: number) => NewEvent;
}

function judge<T>(
  rows: readonly BatchRow<T>[],
  { errorsOf, warningsOf, eventOf }: Judgement<T>,
): JudgedEvents {
  const events: NewEvent[] = [];
  const rejections: RowResult[] = [];
  const warnings = new Map<number, readonly string[]>();
  for (const row of rows) {
    const errors = rowErrors(row, errorsOf);
    if (!row.ok || errors.length > 0) {
      rejections.push(rejected(row.row, errors));
      continue;
    }
    events.push(eventOf(row.value, row.row));
    const said = warningsOf(row.value);
    if (said.length > 0) warnings.set(row.row, said);
  }
  return { events, rejections, warnings };
}

type Shared = EventInput | OutcomeInput;

function sharedFields(
  input: Shared,
  row: number,
  { who }: EventRules,
): Omit<NewEvent, "eventId" | "requestId"> {
  return {
    row,
    subject: who.subjectOf(input),
    session: who.sessionOf(input),
    type: input.type,
    itemId: input.item_id,
    ts: input.ts === undefined ? null : toMoment(input.ts),
    value: input.value ?? null,
    quantity: input.quantity ?? null,
    price: input.price ?? null,
    orderId: input.order_id ?? null,
  };
}

function sharedErrors(input: Partial<Shared>, rules: EventRules): FieldError[] {
  const { event_types: types, ingest } = rules.config;
  const undone = returnProblem(input);
  const errors: FieldError[] = [
    ...momentErrors(input, ["ts"]),
    ...(undone === null ? [] : [undone]),
  ];
  if (input.type !== undefined && !Object.hasOwn(types, input.type)) {
    errors.push({
      path: "/type",
      code: "unknown_event_type",
      message: `is not among the event types ${Object.keys(types).join(", ")}`,
    });
  }
  if (input.ts === undefined || errors.some(({ path }) => path === "/ts")) {
    return errors;
  }
  const ts = toMoment(input.ts);
  if (ts > rules.now + ingest.future_tolerance_minutes * MINUTE_MS) {
    errors.push({
      path: "/ts",
      code: "future",
      message: `lies more than ${ingest.future_tolerance_minutes} minutes in the future`,
    });
  }
  if (ts < EARLIEST_EVENT_MS) {
    errors.push({ path: "/ts", code: "too_old", message: "is before 1990" });
  }
  return errors;
}

const NAMES = ["user_id", "anonymous_id", "session_id"] as const;

function nobodyErrors(
  input: Partial<EventInput>,
  known: readonly FieldError[],
): FieldError[] {
  // A name that the schema does not take was given all the same.
  const isNamed = NAMES.some(
    (name) =>
      input[name] !== undefined ||
      known.some(({ path }) => path === `/${name}`),
  );
  return isNamed
    ? []
    : [
        {
          path: "/user_id",
          code: "required",
          message: "one of user_id, anonymous_id and session_id is needed",
        },
      ];
}

function lateWarnings(input: Shared, rules: EventRules): string[] {
  if (input.ts === undefined) return [];
  const lateMs = rules.config.ingest.late_after_hours * HOUR_MS;
  return rules.now - toMoment(input.ts) > lateMs
    ? [`arrived more than ${rules.config.ingest.late_after_hours} hours late`]
    : [];
}
