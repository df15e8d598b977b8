import { testDatabase, type TestDatabase } from "./database.ts";
import { runTool, temporaryHome, type Product } from "./product.ts";

export const SHOP = "shop";

/** An answer of the service; a status of 0 means that nobody answered. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export interface List {
  readonly items: readonly { readonly item_id: string }[];
  readonly meta: {
    readonly request_id: string;
    readonly logged: boolean;
    readonly manifest_version: string | null;
  };
}

export interface Batch {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/** The shop in a database and a home of its own, for tests of the tool alone. */
export interface Place {
  readonly database: TestDatabase;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly remove: () => Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const database = await testDatabase();
  const { path, remove } = temporaryHome();
  const environment = {
    ...process.env,
    ...database.environment,
    RECSYS_HOME: path,
  };
  await createShop(environment);
  return {
    database,
    home: path,
    environment,
    remove: async () => {
      remove();
      await database.drop();
    },
  };
}

/** Creates the tenant `shop`, by the tool as a person would. */
export async function createShop(
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const made = await runTool(["tenants", "create", SHOP], environment);
  if (made.code !== 0) throw new Error(made.stderr);
}

/** Calls the service as the shop. */
export async function call<T>(
  product: Pick<Product, "url">,
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  const response = await fetch(`${product.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "X-Org-Id": SHOP, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, body: (await response.json()) as T };
}

/** The next list for a user of the shop. */
export function listFor(
  product: Pick<Product, "url">,
  userId: string,
): Promise<Answer<List>> {
  return call(product, "/v1/recommend", {
    surface: "home",
    k: 5,
    user: { user_id: userId },
  });
}

/** Items `item-00` and so on. */
export function items(count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({
    item_id: itemId(n),
    title: `Title of item ${n}`,
  }));
}

export function itemId(n: number): string {
  return `item-${String(n).padStart(2, "0")}`;
}

/** The ids of all events of the shop, each as often as it is stored. */
export async function storedEventIds(
  product: Pick<Product, "url">,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? "" : `&cursor=${cursor}`;
    const page: Answer<{
      readonly items: readonly { readonly event_id: string }[];
      readonly next_cursor: string | null;
    }> = await call(product, `/v1/events?limit=500${after}`);
    if (page.status !== 200) throw new Error(JSON.stringify(page.body));
    ids.push(...page.body.items.map((event) => event.event_id));
    cursor = page.body.next_cursor;
  } while (cursor !== null);
  return ids;
}
