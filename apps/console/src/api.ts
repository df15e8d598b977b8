import { createClient } from "@recsys/client";

/** The tenant that `npm start` serves; its header alone is accepted on loopback. */
const TENANT = "demo";

export interface ListedUser {
  readonly user_id: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

export interface ListedEvent {
  readonly item_id: string;
  readonly type: string;
  readonly ts: string;
}

export interface ListedItem {
  readonly item_id: string;
  readonly title?: string;
}

interface Page<Row> {
  readonly items: readonly Row[];
  readonly next_cursor: string | null;
}

export interface TenantFacts {
  readonly name: string;
  readonly time_offset_days: number;
}

const client = createClient({
  url: "",
  tenant: TENANT,
  clientName: "console",
  timeoutMs: 10_000,
});

/** What the pages ask of the service. */
export const api = {
  recommend: client.recommend,
  similar: client.similar,
  sendEvents: client.sendEvents,
  tenant: () => read<TenantFacts>("/v1/tenant"),
  users,
  history: (userId: string) =>
    read<Page<ListedEvent>>(
      `/v1/events?limit=100&user_id=${encodeURIComponent(userId)}`,
    ),
  items: (ids: readonly string[]) =>
    read<Page<ListedItem>>(
      `/v1/items?limit=200&${ids.map((id) => `item_id=${encodeURIComponent(id)}`).join("&")}`,
    ),
};

/** Enough for a menu that people search. */
const MOST_USERS = 10_000;

async function users(): Promise<readonly ListedUser[]> {
  const found: ListedUser[] = [];
  let cursor: string | null = "";
  while (cursor !== null && found.length < MOST_USERS) {
    const from: string =
      cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<ListedUser> = await read(`/v1/users?limit=1000${from}`);
    found.push(...page.items);
    cursor = page.next_cursor;
  }
  return found;
}

async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path, { headers: { "X-Org-Id": TENANT } });
  const answer: unknown = await response.json();
  if (!response.ok) {
    const problem = answer as { title?: string; detail?: string };
    throw new Error(
      problem.detail ??
        problem.title ??
        `The service answered ${response.status}`,
    );
  }
  return answer as Answer;
}
