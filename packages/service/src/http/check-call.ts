import {
  ApiError,
  validator,
  type FieldError,
  type Validator,
} from "@recsys/contracts";
import type { FastifyRequest } from "fastify";
import type { TObject } from "typebox";
import { Convert } from "typebox/value";
import { checkRows } from "./batch.ts";
import { textErrors, type ParsedBody } from "./parse-body.ts";
import type { Route } from "./route.ts";

/** Parts of a request after their checks. */
export interface CheckedCall {
  readonly params: never;
  readonly query: never;
  readonly body: never;
}

/** Prepares the checks of a route once; the result throws INVALID_REQUEST with all field errors of path, query and body at once. */
export function callChecker(
  route: Route,
): (request: FastifyRequest) => CheckedCall {
  const params = textChecker(route.params, "/params");
  const query = textChecker(route.query, "/query");
  const body = bodyChecker(route);
  return (request) => {
    const errors: FieldError[] = [];
    const checked = {
      params: params(request.params, errors),
      query: query(request.query, errors),
      body: body(request.body, errors),
    };
    if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
    return checked;
  };
}

type Checker = (value: unknown, errors: FieldError[]) => never;

/** Path and query arrive as text: they are converted to the schema's types first. */
function textChecker(schema: TObject, prefix: string): Checker {
  const validate = validator(schema);
  const hasFields = Object.keys(schema.properties).length > 0;
  return (value, errors) => {
    // Fastify's own objects have no prototype, which Convert does not expect.
    const plain = { ...(value as Record<string, unknown>) };
    const converted = hasFields ? convert(schema, plain) : plain;
    for (const error of [...validate(converted), ...textErrors(plain)]) {
      errors.push({ ...error, path: prefix + error.path });
    }
    return converted as never;
  };
}

const NUMBERS: Readonly<Record<string, RegExp>> = {
  integer: /^-?\d+$/,
  number: /^-?\d+(\.\d+)?$/,
};

/** Numbers are decimal digits: what Convert reads beyond that (0x1, 1e3, true) stays text, which the checks refuse. */
function convert(schema: TObject, plain: Record<string, unknown>): unknown {
  const converted = Convert(schema, { ...plain }) as Record<string, unknown>;
  for (const [name, { type }] of Object.entries<{ readonly type?: unknown }>(
    schema.properties,
  )) {
    const text = plain[name];
    const form = typeof type === "string" ? NUMBERS[type] : undefined;
    if (form !== undefined && typeof text === "string" && !form.test(text)) {
      converted[name] = text;
    }
  }
  return converted;
}

function bodyChecker(route: Route): Checker {
  if (route.body === null) return (value) => value as never;
  const validate = validator(route.body);
  return route.bodyKind === "rows"
    ? (value) => checkRows(requireBody(value), validate) as never
    : (value, errors) => checkJson(requireBody(value), validate, errors);
}

function checkJson(
  body: ParsedBody,
  validate: Validator,
  errors: FieldError[],
): never {
  if (body.kind === "lines") {
    throw new ApiError("UNSUPPORTED_MEDIA_TYPE", {
      detail: "This route takes one JSON value, not JSON lines.",
    });
  }
  errors.push(...body.textErrors);
  // Checks of nested rules are recursive: what is too deep for them does not reach them.
  if (!body.textErrors.some(({ code }) => code === "depth")) {
    errors.push(...validate(body.value));
  }
  return body.value as never;
}

function requireBody(value: unknown): ParsedBody {
  if (value !== undefined && value !== null) return value as ParsedBody;
  throw new ApiError("MALFORMED_JSON", {
    detail: "This route needs a body of type application/json.",
  });
}
