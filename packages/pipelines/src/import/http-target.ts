import {
  ApiError,
  DEFAULT_CONFIG,
  ERRORS,
  type BatchResult,
  type CatalogueSchema,
  type ErrorCode,
} from "@recsys/contracts";
import { withDeclared } from "./declared-schema.ts";
import type { Entity, WriteResult } from "./record.ts";
import type { ImportTarget, PendingRow } from "./target.ts";

export interface HttpTargetOptions {
  /** Address of the service, such as http://127.0.0.1:8000. */
  readonly url: string;
  /** Credentials or tenant header of every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly namespace: string;
  readonly fetch: typeof fetch;
  /** Waits between attempts; a parameter so that tests need not. */
  readonly pause: (ms: number) => Promise<void>;
}

const PATHS: Readonly<Record<Entity, string>> = {
  item: "/v1/items",
  user: "/v1/users",
  event: "/v1/events",
  exposure: "/v1/exposures",
  outcome: "/v1/outcomes",
};

/** Rows go to a running service, as any other client sends them; 429 and 503 are waited out. */
export function httpTarget(options: HttpTargetOptions): ImportTarget {
  return {
    name: `${options.url}, namespace ${options.namespace}`,
    read: async (schema) => {
      const live = await readSection<CatalogueSchema>(options, "schema");
      const eventTypes = await readSection<typeof DEFAULT_CONFIG.event_types>(
        options,
        "event_types",
      );
      const ingest = await readSection<typeof DEFAULT_CONFIG.ingest>(
        options,
        "ingest",
      );
      const config = {
        ...DEFAULT_CONFIG,
        schema: withDeclared(live.content, schema) ?? live.content,
        event_types: eventTypes.content,
        ingest: ingest.content,
      };
      const tenant = await call(options, "/v1/tenant", { method: "GET" });
      const { time_offset_days: timeOffsetDays } = (await tenant.json()) as {
        readonly time_offset_days: number;
      };
      return { config, timeOffsetDays };
    },
    declare: async (schema) => {
      const live = await readSection<CatalogueSchema>(options, "schema");
      const wanted = withDeclared(live.content, schema);
      if (wanted === undefined) return;
      await call(options, within(options, "/v1/admin/config/schema"), {
        method: "PUT",
        body: JSON.stringify(wanted),
        headers: { "If-Match": live.etag },
      });
    },
    // The offset is stored with the tenant, which only its own database can.
    setTimeOffsetDays: (days) =>
      days === 0
        ? Promise.resolve()
        : Promise.reject(
            new ApiError("UPLOAD_INVALID", {
              detail:
                "Times can be shifted only by an import into the database itself, not over --url.",
              fix: null,
            }),
          ),
    write: (rows) => send(options, rows),
    check: () => Promise.resolve([]),
  };
}

async function send(
  options: HttpTargetOptions,
  rows: readonly PendingRow[],
): Promise<WriteResult[]> {
  const results = new Array<WriteResult>(rows.length);
  for (const entity of Object.keys(PATHS) as Entity[]) {
    const positions = rows.flatMap(({ row }, i) =>
      row.entity === entity ? [i] : [],
    );
    for (const body of bodiesOf(rows, positions)) {
      const answer = await call(options, within(options, PATHS[entity]), {
        method: "POST",
        body: `[${body.texts.join(",")}]`,
      });
      const batch = (await answer.json()) as BatchResult;
      for (const result of batch.results) {
        const [problem] = result.errors ?? [];
        const position = body.positions[result.row] ?? 0;
        results[position] = {
          status: result.status,
          ...(problem === undefined ? {} : { problem }),
        };
      }
    }
  }
  return results;
}

/** Well below the 8 MiB that a service takes: a character may have three bytes. */
const BODY_CHARACTERS = 2_000_000;

interface Body {
  readonly positions: number[];
  readonly texts: string[];
}

/** Rows as bodies that a service takes, however long the rows are. */
function bodiesOf(
  rows: readonly PendingRow[],
  positions: readonly number[],
): Body[] {
  const bodies: Body[] = [];
  let body: Body = { positions: [], texts: [] };
  let size = Infinity;
  for (const position of positions) {
    const text = JSON.stringify(rows[position]?.row.input);
    size += text.length;
    if (size > BODY_CHARACTERS) {
      body = { positions: [], texts: [] };
      bodies.push(body);
      size = text.length;
    }
    body.positions.push(position);
    body.texts.push(text);
  }
  return bodies;
}

interface Section<T> {
  readonly content: T;
  readonly etag: string;
}

async function readSection<T>(
  options: HttpTargetOptions,
  section: string,
): Promise<Section<T>> {
  const answer = await call(
    options,
    within(options, `/v1/admin/config/${section}`),
    {
      method: "GET",
    },
  );
  const body = (await answer.json()) as { readonly content: T };
  return { content: body.content, etag: answer.headers.get("etag") ?? "" };
}

function within({ namespace }: HttpTargetOptions, path: string): string {
  return `${path}?namespace=${encodeURIComponent(namespace)}`;
}

const MAX_ATTEMPTS = 8;

async function call(
  options: HttpTargetOptions,
  path: string,
  request: {
    readonly method: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<Response> {
  const url = new URL(path, options.url);
  for (let attempt = 1; ; attempt++) {
    const answer = await options
      .fetch(url, {
        ...request,
        headers: {
          ...(request.body === undefined
            ? {}
            : { "Content-Type": "application/json" }),
          ...options.headers,
          ...request.headers,
        },
      })
      .catch((cause: unknown) => {
        throw new ApiError("DATABASE_UNAVAILABLE", {
          detail: `Nobody answers at ${options.url}.`,
          cause,
        });
      });
    if (answer.ok) return answer;
    const busy = answer.status === 429 || answer.status === 503;
    if (!busy || attempt === MAX_ATTEMPTS) throw await refusal(answer);
    await options.pause(
      1000 * Number(answer.headers.get("retry-after") ?? attempt),
    );
  }
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
}

async function refusal(answer: Response): Promise<ApiError> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const code = problem.code ?? "";
  const known = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : "INTERNAL";
  return new ApiError(known, {
    detail: problem.detail ?? `The service answered ${answer.status}.`,
  });
}
