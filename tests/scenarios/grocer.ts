import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  hashUnit,
  type RecommendRequest,
  type RecommendResponse,
  type Rule,
  type RuleSet,
} from "@recsys/contracts";
import { testDatabase } from "../support/database.ts";
import {
  runTool,
  startProduct,
  stopped,
  temporaryHome,
  type Product,
} from "../support/product.ts";

const TENANT = "grocer";
const examples = join(import.meta.dirname, "../../examples/complete-journey");

/** Purchases from here on are what lists are judged by; nothing that serves has seen them. */
const SPLIT = "2017-12-01";
/** Of the households that said something of themselves, this share is new: nothing that serves has seen any purchase of theirs. */
const NEW_SHARE = 0.15;

/** What a household bought that the shop did not know of when it made the list. */
export interface Household {
  readonly id: string;
  readonly bought: ReadonlySet<string>;
}

/** A grocery chain that runs the product on real purchases, spoken to over HTTP only. */
export interface Grocer {
  readonly product: Product;
  /** Known households that went shopping after the split, by id. */
  readonly known: readonly Household[];
  /** Households of which only traits are known, by id. */
  readonly strangers: readonly Household[];
  /** How many known households of each kind bought an item before the split. */
  readonly buyers: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Answers of a status other than the expected one (200) throw with their body. */
  readonly call: <T>(path: string, what?: CallOptions) => Promise<T>;
  readonly list: (body: RecommendRequest) => Promise<RecommendResponse>;
  /** Replaces all rules; no rules: the plain shop. */
  readonly rule: (rules: readonly Rule[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Imports what was bought before the split, trains, and serves. */
export async function openGrocer(): Promise<Grocer> {
  const database = await testDatabase();
  const home = temporaryHome();
  const { folder, known, strangers, buyers } = splitExamples(home.path);
  const product = await startProduct({
    home: home.path,
    args: [],
    environment: database.environment,
  });
  const tool = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await runTool(args, product.environment);
    if (code !== 0) throw new Error(`${args.join(" ")}: ${stdout}${stderr}`);
  };
  await tool("tenants", "create", TENANT);
  await tool(
    ...["import", folder, "--adapter", "complete-journey", "--shift-to-now"],
    ...["--tenant", TENANT, "--errors", join(home.path, "errors.jsonl")],
    ...["--evidence", join(home.path, "evidence.json")],
  );
  await tool("pipelines", "run", "--tenant", TENANT);
  const call = caller(product);
  await untilTrained(call);
  return {
    product,
    known,
    strangers,
    buyers,
    call,
    list: (body) => call("/v1/recommend", { body }),
    rule: async (rules) => {
      const body: RuleSet = { rules: [...rules] };
      await call("/v1/admin/rules?reason=scenario", {
        method: "PUT",
        body,
        headers: { "If-Match": "*" },
      });
    },
    close: async () => {
      await stopped(product.process, "SIGINT");
      await database.drop();
      home.remove();
    },
  };
}

/** A rule as scenarios need it. */
export function ruleOf(
  facts: Pick<Rule, "action" | "target"> & Partial<Rule>,
): Rule {
  return {
    id: "scenario",
    priority: 100,
    enabled: true,
    owner: "merchandising",
    reason: "scenario",
    ...facts,
  };
}

function caller(product: Product): Grocer["call"] {
  return async <T>(path: string, what: CallOptions = {}): Promise<T> => {
    const { body, status = 200 } = what;
    const response = await fetch(`${product.url}${path}`, {
      method: what.method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        "X-Org-Id": TENANT,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...what.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (response.status !== status) {
      throw new Error(`${path}: ${response.status} ${text}`);
    }
    return JSON.parse(text) as T;
  };
}

/** The service follows the revision of the run that the tool made. */
async function untilTrained(call: Grocer["call"]): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { meta } = await call<RecommendResponse>("/v1/recommend", {
      body: { surface: "home", k: 1 } satisfies RecommendRequest,
    });
    if (meta.manifest_version !== null) return;
    if (performance.now() > deadline) throw new Error("no manifest is served");
  }
}

interface Split {
  readonly folder: string;
  readonly known: readonly Household[];
  readonly strangers: readonly Household[];
  readonly buyers: Grocer["buyers"];
}

/** Writes what the shop may know into a folder of its own. */
function splitExamples(home: string): Split {
  const folder = join(home, "before");
  mkdirSync(folder);
  const [header = "", ...lines] = textOf("transactions").trimEnd().split("\n");
  const columns = header.split(",");
  const at = (name: string): number => columns.indexOf(name);
  const isStranger = strangersOf();
  const before = [header];
  const bought = new Map<string, Set<string>>();
  const seen = new Map<string, Set<string>>();
  for (const line of lines) {
    const fields = line.split(",");
    const household = fields[at("household_id")] ?? "";
    const item = fields[at("product_id")] ?? "";
    const isKept = !isStranger(household) && (fields[at("time")] ?? "") < SPLIT;
    if (isKept) before.push(line);
    add(isKept ? seen : bought, household, item);
  }
  writeFileSync(join(folder, "transactions.csv"), `${before.join("\n")}\n`);
  writeFileSync(join(folder, "products.csv"), productsBefore());
  writeFileSync(join(folder, "households.csv"), textOf("households"));
  const households = [...bought]
    .map(([id, items]) => ({
      id,
      bought: new Set(
        [...items].filter((item) => seen.get(id)?.has(item) !== true),
      ),
    }))
    .filter(({ bought: items }) => items.size > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    folder,
    known: households.filter(({ id }) => seen.has(id)),
    strangers: households.filter(({ id }) => isStranger(id)),
    buyers: buyersOf(seen),
  };
}

/** Nobody knows yet when what was first sold later will be. */
function productsBefore(): string {
  const text = textOf("products");
  // The last column.
  return text.replaceAll(
    /,(\d{4}-\d\d-\d\dT[\d:]+)$/gm,
    (field, first: string) => (first < SPLIT ? field : ","),
  );
}

/** Counts of distinct buyers by kind of household, then item. */
function buyersOf(
  seen: ReadonlyMap<string, ReadonlySet<string>>,
): Grocer["buyers"] {
  const kinds = householdKinds();
  const counts = new Map<string, Map<string, number>>();
  for (const [household, items] of seen) {
    const kind = kinds.get(household);
    if (kind === undefined) continue;
    const ofKind = counts.get(kind) ?? new Map<string, number>();
    for (const item of items) ofKind.set(item, (ofKind.get(item) ?? 0) + 1);
    counts.set(kind, ofKind);
  }
  return counts;
}

function householdKinds(): ReadonlyMap<string, string> {
  const [header = "", ...lines] = textOf("households").trimEnd().split("\n");
  const at = header.split(",").indexOf("household_comp");
  return new Map(
    lines.map((line) => {
      const fields = line.split(",");
      return [fields[0] ?? "", fields[at] ?? ""];
    }),
  );
}

/** Drawn by their ids, among those with traits. */
function strangersOf(): (household: string) => boolean {
  const withTraits = householdKinds();
  return (id) => withTraits.has(id) && hashUnit(`stranger:${id}`) < NEW_SHARE;
}

function textOf(name: string): string {
  return gunzipSync(readFileSync(join(examples, `${name}.csv.gz`))).toString();
}

function add(sets: Map<string, Set<string>>, key: string, item: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([item]));
  else set.add(item);
}
