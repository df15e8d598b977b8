import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandsOf, runGuide } from "./support/guide.ts";
import { needs } from "./support/needs.ts";
import { visitPreview } from "./support/preview-page.ts";
import {
  startProduct,
  temporaryHome,
  type Product,
} from "./support/product.ts";

const root = join(import.meta.dirname, "..");
const home = temporaryHome();
let product: Product;

beforeAll(async () => {
  product = await startProduct({ home: home.path });
}, 300_000);

afterAll(async () => {
  await product.stop();
  home.remove();
}, 60_000);

describe("npm start on the demonstration data", () => {
  test("says what to try next", () => {
    expect(product.output()).toContain(product.url);
    expect(product.output()).toContain("/v1/recommend");
    expect(product.output()).toContain("231,133 purchases and 3,630 items");
    // And, while it took its time, how far it was.
    expect(product.output()).toMatch(/import: 25 % [\d,]+ rows/);
    expect(product.output()).toMatch(/ials +done +[\d.]+ s/);
  });

  test.each([
    ["the README", () => readFileSync(join(root, "README.md"), "utf8")],
    ["the start", () => product.output()],
  ])(
    "changes every item of its list when somebody new buys, as %s says",
    async (_, textOf) => {
      const text = textOf();
      const body = (path: string) =>
        JSON.parse(
          new RegExp(`${path} [^]*?-d '([^']+)'`).exec(text)?.[1] ?? "",
        ) as object;
      const list = async () => {
        const { items } = await call("/v1/recommend", body("/v1/recommend"));
        return items.map((item) => item.item_id);
      };
      const before = await list();
      await call("/v1/events", body("/v1/events"));
      const after = await list();
      expect(new Set([...before, ...after]).size).toBe(10);
      // A second start prints nothing that is there already.
      expect(text).not.toContain("event_id");
    },
  );

  test("answers a customer's list with reasons and versions", async () => {
    const answer = await call("/v1/recommend", {
      surface: "home",
      k: 5,
      user: { user_id: "17850" },
    });
    expect(answer.items).toHaveLength(5);
    for (const item of answer.items) expect(item.reasons[0]?.text).not.toBe("");
    for (const name of [
      "config_version",
      "rules_version",
      "algo_version",
      "manifest_version",
    ]) {
      expect(answer.meta[name], name).toBeTypeOf("string");
    }
    expect(answer.meta["request_id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("refuses the same call without the header or a key", async () => {
    const response = await fetch(`${product.url}/v1/recommend`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(401);
  });
});

const GUIDES = [
  "README.md",
  "docs/getting-started.md",
  "docs/quickstart-http.md",
  "docs/tutorial.md",
  "docs/data-modes.md",
  "docs/freshness.md",
  "docs/manifest-rollback.md",
  "docs/rules.md",
  "docs/value-model.md",
  "docs/requests.md",
  "docs/exploration.md",
  "docs/debugging.md",
  "docs/moderation.md",
  "docs/configuration.md",
  "docs/exposures.md",
  "docs/tenants.md",
  "docs/day-in-the-life.md",
  "docs/api.md",
  "docs/migrations.md",
  "docs/data/online-retail.md",
];

describe("the guides", () => {
  test("are all pages that give commands, but those for developers", () => {
    const pages = ["README.md", ...globSync("docs/**/*.md", { cwd: root })];
    const withCommands = pages.filter(
      (path) =>
        !path.startsWith("docs/add-a/") &&
        commandsOf(readFileSync(join(root, path), "utf8")).length > 0,
    );
    expect(withCommands.sort()).toEqual([...GUIDES].sort());
  });

  test.each(GUIDES)(
    "%s: its commands do what it says",
    async (path) => {
      const { code, output } = await runGuide(path, product);
      expect(code, output).toBe(0);
    },
    240_000,
  );
});

describe("the preview page", () => {
  needs("browser").test(
    "shows a list that changes when an item is viewed",
    async () => {
      await giveReadsTime();
      const visit = await visitPreview(product);
      expect(visit.problems).toEqual([]);
      expect(visit.reasons).toBeGreaterThan(4);
      expect(visit.similar).toBeGreaterThan(0);
      expect(visit.history).toContain("click");
      expect(visit.notice).toMatch(/moved forward by \d+ whole weeks/);
      expect(visit.after).not.toEqual(visit.before);
      expect(visit.after).not.toContain(visit.clicked);
    },
    60_000,
  );
});

/** A busy machine is no reason to make a list without the user's history. */
async function giveReadsTime(): Promise<void> {
  const url = `${product.url}/v1/admin/config/surfaces`;
  const headers = { "X-Org-Id": "demo", "Content-Type": "application/json" };
  const { content } = (await (await fetch(url, { headers })).json()) as {
    readonly content: Readonly<Record<string, object>>;
  };
  const response = await fetch(url, {
    method: "PUT",
    headers: { ...headers, "If-Match": "*" },
    body: JSON.stringify({
      ...content,
      home: { ...content["home"], latency_budget_ms: 10_000 },
    }),
  });
  expect(response.status).toBe(200);
}

interface Answer {
  readonly items: readonly {
    readonly item_id: string;
    readonly reasons: readonly { readonly text: string }[];
  }[];
  readonly meta: Readonly<Record<string, unknown>>;
}

async function call(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${product.url}${path}`, {
    method: "POST",
    headers: { "X-Org-Id": "demo", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}
