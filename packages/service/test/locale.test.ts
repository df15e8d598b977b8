import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReplayer } from "../src/index.ts";
import { languagesIn } from "../src/serving/locale.ts";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(4));
  await harness.call("POST /v1/users", [{ user_id: "anna", locale: "es-MX" }]);
});
afterAll(async () => {
  await harness.end();
});

const ask = (body: object = {}, language?: string) =>
  harness.call<RecommendResponse>(
    "POST /v1/recommend",
    { surface: "home", k: 1, knobs: { "new_items.weight": 0 }, ...body },
    language === undefined ? {} : { headers: { "accept-language": language } },
  );
const textOf = async (body?: object, language?: string) =>
  (await ask(body, language)).body.items[0]?.reasons?.[0]?.text;

describe("the language of reasons", () => {
  it("is that of the context, else the person's, else Accept-Language, else English", async () => {
    const anna = { user: { user_id: "anna" } };
    const context = { locale: "de-AT" };
    expect(await textOf()).toBe("From the catalogue");
    expect(await textOf({}, "tlh, fr;q=0.8, es;q=0.9")).toBe(
      "De nuestro catálogo",
    );
    expect(await textOf(anna, "fr")).toBe("De nuestro catálogo");
    expect(await textOf({ ...anna, context }, "fr")).toBe("Aus dem Sortiment");
    expect(await textOf({ context: { locale: "tlh" } })).toBe(
      "From the catalogue",
    );
  });

  it("may be the tenant's own words, which replay repeats after they changed", async () => {
    const section = "v1/admin/config/reason_texts";
    const write = (texts: object) =>
      harness.call(`PUT /${section}`, texts, { headers: { "if-match": "*" } });
    expect(
      (await write({ de: { backfill_catalogue: "Schau mal" } })).status,
    ).toBe(200);
    const list = await ask({ context: { locale: "de" } });
    expect(list.body.items[0]?.reasons?.[0]?.text).toBe("Schau mal");
    const record = await recordOf(harness, list.body.meta.request_id);
    expect(record.request.locale).toBe("de");
    expect(await write({ de: { rich: "Weil Sie reich sind" } })).toMatchObject({
      status: 422,
      body: {
        errors: [{ path: "/reason_texts/de/rich", code: "unknown_reason" }],
      },
    });
    expect((await write({})).status).toBe(200);
    const replayer = createReplayer({
      store: harness.store,
      tenant: "demo",
      objects: harness.objects,
    });
    expect((await replayer.replay(record)).identical).toBe(true);
  });

  it("is read from Accept-Language by quality, and nonsense is no language", () => {
    expect(languagesIn("da, en-gb;q=0.8, en;q=0.7, *;q=0.1, de;q=0")).toEqual([
      "da",
      "en-gb",
      "en",
    ]);
    expect(languagesIn(";;q=;, <script>, fr;q=2")).toEqual(["fr"]);
    expect(languagesIn("")).toEqual([]);
  });
});
