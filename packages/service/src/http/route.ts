import type { Readable } from "node:stream";
import type { ErrorCode, Permission } from "@recsys/contracts";
import type { Static, TObject, TSchema } from "typebox";
import type { Caller } from "../auth/authenticate.ts";
import type { ServiceContext } from "../context.ts";
import type { BatchRow } from "./batch.ts";

/** What a handler is given: everything is checked against the schemas of the route. */
export interface Call<Params, Query, Body> {
  readonly context: ServiceContext;
  readonly caller: Caller;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Whether the connection is gone, so that nobody gets the answer. */
  readonly hasLeft: () => boolean;
}

/** What a handler answers; `body` is JSON unless `text`, `lines` or `stream` is given. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: { readonly type: string; readonly value: string };
  readonly lines?: AsyncIterable<unknown>;
  readonly stream?: { readonly type: string; readonly value: Readable };
}

/** How a route takes its body. */
export type BodyKind =
  /** One JSON value. */
  | "json"
  /** A JSON array or JSON lines; rows are judged one by one. */
  | "rows"
  /** The raw bytes as a stream. */
  | "file"
  | "none";

/** One route as the registry, the server, OpenAPI and the contract test see it. */
export interface Route {
  /** Unique name; the operationId in OpenAPI. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with `:name` for parameters. */
  readonly url: string;
  /** What the caller needs; `public` routes answer anybody. */
  readonly permission: Permission | "public";
  readonly summary: string;
  readonly tag: string;
  readonly bodyKind: BodyKind;
  readonly params: TObject;
  readonly query: TObject;
  /** Schema of the body, or of one row. */
  readonly body: TSchema | null;
  readonly answer: TSchema;
  readonly answerStatus: number;
  /** Codes beside those that every route can answer with. */
  readonly errors: readonly ErrorCode[];
  /** Takes Idempotency-Key: the same key and body get the same answer for 24 hours. */
  readonly isCreating: boolean;
  readonly handle: (
    call: Call<never, never, never>,
  ) => Answer | Promise<Answer>;
}

interface Words {
  readonly name: string;
  readonly method: Route["method"];
  readonly url: string;
  readonly permission: Route["permission"];
  readonly summary: string;
  readonly tag: string;
  readonly answer: TSchema;
  readonly answerStatus?: number;
  readonly errors?: readonly ErrorCode[];
  readonly isCreating?: boolean;
}

interface Shapes<P extends TObject | undefined, Q extends TObject | undefined> {
  readonly params?: P;
  readonly query?: Q;
}

type Read<S> = S extends TSchema ? Static<S> : object;

type Handle<P, Q, Body> = (
  call: Call<Read<P>, Read<Q>, Body>,
) => Answer | Promise<Answer>;

const NO_FIELDS = {
  type: "object",
  required: [],
  properties: {},
  additionalProperties: false,
} as unknown as TObject;

function complete(
  words: Words & Shapes<TObject | undefined, TObject | undefined>,
  bodyKind: BodyKind,
  body: TSchema | null,
): Omit<Route, "handle"> {
  return {
    name: words.name,
    method: words.method,
    url: words.url,
    permission: words.permission,
    summary: words.summary,
    tag: words.tag,
    bodyKind,
    params: words.params ?? NO_FIELDS,
    query: words.query ?? NO_FIELDS,
    body,
    answer: words.answer,
    answerStatus: words.answerStatus ?? 200,
    errors: words.errors ?? [],
    isCreating: words.isCreating ?? false,
  };
}

/** A route without a body. */
export function readRoute<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
>(
  words: Words & Shapes<P, Q> & { readonly handle: Handle<P, Q, null> },
): Route {
  return {
    ...complete(words, "none", null),
    handle: words.handle,
  };
}

/** A route whose body is one JSON value of a schema. */
export function jsonRoute<
  B extends TSchema,
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
>(
  words: Words &
    Shapes<P, Q> & {
      readonly body: B;
      readonly handle: Handle<P, Q, Static<B>>;
    },
): Route {
  return {
    ...complete(words, "json", words.body),
    handle: words.handle,
  };
}

/** A route whose body is a batch of rows; each is checked by itself. */
export function rowsRoute<
  R extends TSchema,
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
>(
  words: Words &
    Shapes<P, Q> & {
      readonly row: R;
      readonly handle: Handle<P, Q, readonly BatchRow<Static<R>>[]>;
    },
): Route {
  return {
    ...complete(words, "rows", words.row),
    handle: words.handle,
  };
}

/** A route whose body is a file that is streamed. */
export function fileRoute<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
>(
  words: Words &
    Shapes<P, Q> & {
      readonly handle: Handle<P, Q, NodeJS.ReadableStream>;
    },
): Route {
  return {
    ...complete(words, "file", null),
    handle: words.handle,
  };
}
