import {
  EventInput,
  ExposureInput,
  ItemInput,
  MINUTE_MS,
  OutcomeInput,
  returnProblem,
  UserInput,
  validator,
  type ConfigDocument,
  type SchemaField,
  type Validator,
} from "@recsys/contracts";
import type { Entity, ImportRow, RowProblem } from "./record.ts";
import { visible } from "./visible.ts";

const CHECKS: Readonly<Record<Entity, Validator>> = {
  item: validator(ItemInput),
  user: validator(UserInput),
  event: validator(EventInput),
  exposure: validator(ExposureInput),
  outcome: validator(OutcomeInput),
};

/** No log of purchases is older; earlier times are a wrong unit or an empty cell. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);

export interface RowRules {
  readonly config: ConfigDocument;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The first thing that is wrong with a row by the rules of the API, or undefined. */
export function checkRow(
  row: ImportRow,
  rules: RowRules,
): RowProblem | undefined {
  const [error] = CHECKS[row.entity](row.input);
  if (error !== undefined) return error;
  const { schema } = rules.config;
  switch (row.entity) {
    case "item":
      return checkKeys("attributes", row.input.attributes, schema.attributes);
    case "user":
      return checkKeys("traits", row.input.traits, schema.traits);
    case "event":
      return (
        checkType(row.input, rules) ??
        returnProblem(row.input) ??
        checkPerson(row.input) ??
        checkTime(row.input.ts, rules)
      );
    case "exposure":
      return checkTime(row.input.ts, rules);
    case "outcome":
      return (
        checkType(row.input, rules) ??
        returnProblem(row.input) ??
        checkTime(row.input.ts, rules)
      );
  }
}

function checkType(
  { type }: { readonly type: string },
  rules: RowRules,
): RowProblem | undefined {
  return Object.hasOwn(rules.config.event_types, type)
    ? undefined
    : problem(
        "unknown_event_type",
        "/type",
        `"${visible(type)}" is not among the event types of this tenant`,
      );
}

function checkPerson(event: EventInput): RowProblem | undefined {
  return (event.user_id ?? event.anonymous_id ?? event.session_id)
    ? undefined
    : problem(
        "required",
        "/user_id",
        "one of user_id, anonymous_id and session_id is needed",
      );
}

function checkTime(
  ts: string | undefined,
  rules: RowRules,
): RowProblem | undefined {
  if (ts === undefined) {
    return problem("required", "/ts", "an imported row needs its time");
  }
  const ms = Date.parse(ts);
  const tolerance = rules.config.ingest.future_tolerance_minutes * MINUTE_MS;
  if (ms > rules.now + tolerance)
    return problem("future", "/ts", "lies in the future");
  // Not-a-number fails this comparison as well.
  if (!(ms >= EARLIEST_MS)) return problem("too_old", "/ts", "is before 1990");
  return undefined;
}

function checkKeys(
  map: "attributes" | "traits",
  values: Readonly<Record<string, unknown>> | undefined,
  declared: Readonly<Record<string, SchemaField>>,
): RowProblem | undefined {
  for (const [key, value] of Object.entries(values ?? {})) {
    const field = Object.hasOwn(declared, key) ? declared[key] : undefined;
    const path = `/${map}/${key}`;
    if (field === undefined) {
      return problem(
        "undeclared",
        path,
        "is not declared in the schema of this tenant",
      );
    }
    if (value !== null && !isOf(field.type, value)) {
      return problem("type", path, `is not a ${field.type}`);
    }
  }
  return undefined;
}

function isOf(type: SchemaField["type"], value: unknown): boolean {
  switch (type) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    case "string_list":
      return Array.isArray(value);
  }
}

function problem(code: string, path: string, message: string): RowProblem {
  return { code, path, message };
}
