import { ERRORS, type ErrorCode } from "@recsys/contracts";
import type { TSchema } from "typebox";
import type { Route } from "./route.ts";

/** Codes that every route may answer with. */
const EVERYWHERE: readonly ErrorCode[] = ["INVALID_REQUEST", "INTERNAL"];
const WITH_CREDENTIALS: readonly ErrorCode[] = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "TENANT_MISMATCH",
  "TENANT_UNKNOWN",
  "TOO_MANY_REQUESTS",
  "DATABASE_UNAVAILABLE",
];
const WITH_BODY: readonly ErrorCode[] = [
  "MALFORMED_JSON",
  "BODY_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
];

/** Every code that a route can answer with. */
export function errorCodesOf(route: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>(EVERYWHERE);
  if (route.permission !== "public") {
    for (const code of WITH_CREDENTIALS) codes.add(code);
  }
  if (route.bodyKind !== "none") for (const code of WITH_BODY) codes.add(code);
  if (route.isCreating) codes.add("IDEMPOTENCY_CONFLICT");
  for (const code of route.errors) codes.add(code);
  return [...codes];
}

export type OpenApiDocument = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the routes, from the same schemas that check them. */
export function openApiDocument(
  routes: readonly Route[],
  facts: { readonly version: string; readonly tenantHeader: string },
): OpenApiDocument {
  const schemas: Record<string, unknown> = { Problem: PROBLEM };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:([a-z_]+)/g, "{$1}");
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(
      route,
      schemas,
    );
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "RecSys Suite",
      version: facts.version,
      description:
        "Serve, log, explain and steer ranked lists. Errors are application/problem+json with a stable `code`.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "An API key." },
        tenant: {
          type: "apiKey",
          in: "header",
          name: facts.tenantHeader,
          description: "Tenant alone: development on loopback only.",
        },
      },
    },
    security: [{ key: [] }, { tenant: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({
      name,
    })),
  };
}

function operation(route: Route, schemas: Record<string, unknown>): object {
  const body = requestBody(route, schemas);
  const permission =
    route.permission === "public"
      ? "Needs no credentials."
      : `Needs the permission \`${route.permission}\`.`;
  return {
    operationId: route.name,
    tags: [route.tag],
    summary: route.summary,
    description: `${permission} Errors: ${errorCodesOf(route)
      .map((code) => `\`${code}\``)
      .join(", ")}.`,
    ...(route.permission === "public" ? { security: [] } : {}),
    parameters: [
      ...parameters(route.params, "path"),
      ...parameters(route.query, "query"),
      ...(route.isCreating ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body === null ? {} : { requestBody: body }),
    responses: responses(route, schemas),
  };
}

function parameters(schema: Route["query"], place: "path" | "query"): object[] {
  // TypeBox leaves the list out where it would be empty; its types do not say so.
  const required = (schema.required as readonly string[] | undefined) ?? [];
  return Object.entries(schema.properties).map(([name, one]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: one,
    ...("description" in one ? { description: one.description } : {}),
  }));
}

function requestBody(
  route: Route,
  schemas: Record<string, unknown>,
): object | null {
  if (route.bodyKind === "none") return null;
  if (route.bodyKind === "file" || route.body === null) {
    return {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string" } } },
    };
  }
  const schema = hoisted(route.body, schemas);
  if (route.bodyKind === "json") {
    return { required: true, content: { "application/json": { schema } } };
  }
  return {
    required: true,
    content: {
      "application/json": { schema: { type: "array", items: schema } },
      "application/x-ndjson": { schema },
    },
  };
}

function responses(route: Route, schemas: Record<string, unknown>): object {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorCodesOf(route)) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const errors = [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes
        .map((code) => `${code}: ${ERRORS[code].title}`)
        .join("\n\n"),
      content: {
        "application/problem+json": {
          schema: { $ref: "#/components/schemas/Problem" },
        },
      },
    },
  ]);
  return {
    [String(route.answerStatus)]: {
      description: route.summary,
      content: {
        "application/json": { schema: hoisted(route.answer, schemas) },
      },
    },
    ...(Object.fromEntries(errors) as object),
  };
}

/** Recursive schemas name themselves by `$id`; OpenAPI wants them under components. */
function hoisted(schema: TSchema, schemas: Record<string, unknown>): unknown {
  return rewrite(JSON.parse(JSON.stringify(schema)), schemas);
}

function rewrite(value: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((one) => rewrite(one, schemas));
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === "$id") continue;
    if (key === "$defs") {
      for (const [name, one] of Object.entries(inner as object)) {
        schemas[name] = rewrite(one, schemas);
      }
    } else if (key === "$ref" && typeof inner === "string") {
      result[key] = inner.startsWith("#")
        ? inner
        : `#/components/schemas/${inner}`;
    } else {
      result[key] = rewrite(inner, schemas);
    }
  }
  return result;
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "The same key with the same body gets the same answer for 24 hours; with another body 409.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
};

const PROBLEM = {
  type: "object",
  description: "RFC 9457 problem details.",
  required: ["type", "title", "status", "code", "detail", "request_id"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", enum: Object.keys(ERRORS) },
    detail: { type: "string" },
    fix: { type: "string", description: "absent where `detail` says it" },
    request_id: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "code", "message"],
        properties: {
          path: { type: "string", description: "JSON pointer" },
          code: { type: "string" },
          message: { type: "string" },
        },
      },
    },
  },
};
