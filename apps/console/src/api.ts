import type {
  BatchResult,
  EventInput,
  RecommendRequest,
  RecommendResponse,
  SimilarRequest,
} from "@recsys/contracts";

/** The tenant that `npm start` serves; its header alone is accepted on loopback. */
const TENANT = "demo";

export interface UserRow {
  readonly user_id: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

export interface EventRow {
  readonly item_id: string;
  readonly type: string;
  readonly ts: string;
  readonly quantity?: number | null;
  readonly price?: number | null;
}

export interface ItemRow {
  readonly item_id: string;
  readonly title?: string;
  readonly price?: number;
  readonly currency?: string;
}

interface Page<Row> {
  readonly items: readonly Row[];
  readonly next_cursor?: string | null;
}

export interface TenantRow {
  readonly tenant: string;
  readonly name: string;
  readonly time_offset_days: number;
}

/** What a failed call says to people. */
export class CallError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "CallError";
    this.code = code;
  }
}

export const api = {
  tenant: () => call<TenantRow>("GET", "/v1/tenant"),
  users: () => call<Page<UserRow>>("GET", "/v1/users?limit=500"),
  history: (userId: string) =>
    call<Page<EventRow>>(
      "GET",
      `/v1/events?limit=100&user_id=${encodeURIComponent(userId)}`,
    ),
  items: (ids: readonly string[]) =>
    call<Page<ItemRow>>(
      "GET",
      `/v1/items?limit=200&item_ids=${ids.map(encodeURIComponent).join(",")}`,
    ),
  recommend: (request: RecommendRequest) =>
    call<RecommendResponse>("POST", "/v1/recommend", request),
  similar: (request: SimilarRequest) =>
    call<RecommendResponse>("POST", "/v1/similar", request),
  send: (event: EventInput) => call<BatchResult>("POST", "/v1/events", [event]),
};

async function call<Answer>(
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: {
      "X-Org-Id": TENANT,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) {
    const problem = answer as {
      code?: string;
      title?: string;
      detail?: string;
    };
    throw new CallError(
      problem.code ?? "UNKNOWN",
      problem.detail ??
        problem.title ??
        `The service answered ${response.status}`,
    );
  }
  return answer as Answer;
}
