import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { openBrowser } from "./browser.ts";
import type { Product } from "./product.ts";

const root = join(import.meta.dirname, "../..");

/** What the page showed before and after a click. */
export interface PreviewVisit {
  readonly before: readonly string[];
  readonly clicked: string;
  readonly after: readonly string[];
  readonly reasons: number;
  readonly similar: number;
  readonly history: string;
  readonly notice: string;
  readonly problems: readonly string[];
}

/** Picks a user, views the second item of the list and waits for the next list. */
export async function visitPreview(product: Product): Promise<PreviewVisit> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({
      viewport: { width: 1360, height: 900 },
    });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(product.url);
    const list = page.getByTestId("recommended");
    const items = list.getByTestId("item");
    const ids = () =>
      items.evaluateAll((cards) =>
        cards.map((card) => card.getAttribute("data-item-id") ?? ""),
      );
    await expect
      .poll(() => items.count(), { timeout: 10_000 })
      .toBeGreaterThan(4);
    const ofFirstUser = await list.getAttribute("data-request-id");
    await page.getByTestId("user").click();
    await page.getByTestId("user").fill("15311");
    await page.getByRole("option", { name: "15311" }).click();
    await expect
      .poll(() => list.getAttribute("data-request-id"), { timeout: 10_000 })
      .not.toBe(ofFirstUser);
    await expect.poll(() => items.count(), { timeout: 10_000 }).toBe(12);
    const before = await ids();
    const firstRequest = await list.getAttribute("data-request-id");
    await items.nth(1).getByRole("button", { name: "View" }).click();
    await expect
      .poll(() => list.getAttribute("data-request-id"), { timeout: 10_000 })
      .not.toBe(firstRequest);
    const similar = page.getByTestId("similar").getByTestId("item");
    await expect
      .poll(() => similar.count(), { timeout: 10_000 })
      .toBeGreaterThan(0);
    const picture = process.env["RECSYS_TEST_PICTURE"];
    if (picture !== undefined) {
      mkdirSync(dirname(join(root, picture)), { recursive: true });
      await page.screenshot({ path: join(root, picture) });
    }
    return {
      before,
      clicked: before[1] ?? "",
      after: await ids(),
      reasons: await list.getByTestId("reason").count(),
      similar: await similar.count(),
      history: (await page.getByTestId("event").first().textContent()) ?? "",
      notice: (await page.getByTestId("data-notice").textContent()) ?? "",
      problems,
    };
  } finally {
    await browser.close();
  }
}
