import type {
  BatchResult,
  EventInput,
  ExposureInput,
  OutcomeInput,
  RecommendRequest,
  RecommendResponse,
  RerankRequest,
  SimilarRequest,
} from "@recsys/contracts";
import { RecsysError } from "./recsys-error.ts";
import { withEventIds, withExposureIds, withOutcomeIds } from "./row-ids.ts";
import { orFallback, type Slate } from "./slate.ts";
import { post, type CallOptions, type Transport } from "./transport.ts";

export interface ClientOptions extends Partial<Omit<Transport, "headers">> {
  /** Address of the service, such as https://recsys.example.com; empty in a page that it serves. */
  readonly url: string;
  /** API key, sent as a bearer token. Browsers should hold none with more than recommend:read. */
  readonly apiKey?: string;
  /** Sent as X-Org-Id; enough by itself only on a development set-up. */
  readonly tenant?: string;
  readonly namespace?: string;
  /** Name and version of the sending application, noted on its events. */
  readonly clientName?: string;
  /** Draws ids for rows without one; random UUIDs by default. */
  readonly newId?: () => string;
}

export interface FallbackOption {
  /** Item ids to show when the service is unavailable. */
  readonly fallback: readonly string[];
}

/** Asks for a list; with a `fallback` the answer is never an outage. */
export interface Ask<Request> {
  (request: Request, options: CallOptions & FallbackOption): Promise<Slate>;
  (request: Request, options?: CallOptions): Promise<RecommendResponse>;
}

type Send<Row> = (
  rows: readonly Row[],
  options?: CallOptions,
) => Promise<BatchResult>;

/** The service as functions. Every failure is a RecsysError. */
export interface RecsysClient {
  readonly recommend: Ask<RecommendRequest>;
  readonly similar: Ask<SimilarRequest>;
  readonly rerank: Ask<RerankRequest>;
  /** Durable once it resolves; rows are judged one by one, see `results`. */
  readonly sendEvents: Send<EventInput>;
  readonly sendExposures: Send<ExposureInput>;
  readonly sendOutcomes: Send<OutcomeInput>;
}

/** A client for servers and browsers; it holds no connection and needs no closing. */
export function createClient(options: ClientOptions): RecsysClient {
  const transport = createTransport(options);
  const { namespace, clientName, newId } = options;
  const query =
    namespace === undefined
      ? ""
      : `?namespace=${encodeURIComponent(namespace)}`;
  const sender =
    <Row>(path: string, prepare: (rows: readonly Row[]) => Row[]): Send<Row> =>
    async (rows, callOptions) => {
      const request = { path: `${path}${query}`, body: prepare(rows) };
      return asBatch(await post(transport, request, callOptions));
    };
  return {
    recommend: createAsk<RecommendRequest>(
      transport,
      "/v1/recommend",
      namespace,
    ),
    similar: createAsk<SimilarRequest>(transport, "/v1/similar", namespace),
    rerank: createAsk<RerankRequest>(transport, "/v1/rerank", namespace),
    sendEvents: sender<EventInput>("/v1/events", (rows) =>
      withEventIds(rows, newId).map((row) =>
        clientName === undefined ? row : { client: clientName, ...row },
      ),
    ),
    sendExposures: sender<ExposureInput>("/v1/exposures", (rows) =>
      withExposureIds(rows, newId),
    ),
    sendOutcomes: sender<OutcomeInput>("/v1/outcomes", (rows) =>
      withOutcomeIds(rows, newId),
    ),
  };
}

function createTransport(options: ClientOptions): Transport {
  const timeoutMs = options.timeoutMs ?? 2_000;
  return {
    url: options.url.replace(/\/+$/, ""),
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, application/problem+json",
      ...(options.apiKey !== undefined && {
        Authorization: `Bearer ${options.apiKey}`,
      }),
      ...(options.tenant !== undefined && { "X-Org-Id": options.tenant }),
    },
    timeoutMs,
    retries: options.retries ?? 2,
    deadlineMs: options.deadlineMs ?? 10_000,
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    sleep: options.sleep ?? sleep,
    random: options.random ?? Math.random,
    now: options.now ?? Date.now,
  };
}

function createAsk<Request extends { readonly namespace?: string }>(
  transport: Transport,
  path: string,
  namespace: string | undefined,
): Ask<Request> {
  const serve = async (request: Request, options: CallOptions) => {
    const body = namespace === undefined ? request : { namespace, ...request };
    return asResponse(await post(transport, { path, body }, options));
  };
  function ask(
    request: Request,
    options: CallOptions & FallbackOption,
  ): Promise<Slate>;
  function ask(
    request: Request,
    options?: CallOptions,
  ): Promise<RecommendResponse>;
  function ask(
    request: Request,
    options: CallOptions & Partial<FallbackOption> = {},
  ): Promise<Slate> {
    const answer = serve(request, options);
    const { fallback } = options;
    return fallback === undefined ? answer : orFallback(answer, fallback);
  }
  return ask;
}

function asResponse(answer: object): RecommendResponse {
  if ("items" in answer && Array.isArray(answer.items) && "meta" in answer) {
    return answer as RecommendResponse;
  }
  throw badAnswer("The answer is not a list of items.");
}

function asBatch(answer: object): BatchResult {
  if ("results" in answer && Array.isArray(answer.results)) {
    return answer as BatchResult;
  }
  throw badAnswer("The answer does not say what became of the rows.");
}

function badAnswer(message: string): RecsysError {
  return new RecsysError({ kind: "bad-answer", code: "BAD_ANSWER", message });
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
    if (signal?.aborted === true) done();
  });
}
