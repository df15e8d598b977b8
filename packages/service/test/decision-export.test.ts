import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportedDecision, RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ environment: { RECSYS_SAMPLE_SHARE: "0" } });
  await harness.call("POST /v1/items", items(20));
});
afterAll(async () => {
  await harness.end();
});

const PARQUET = "application/vnd.apache.parquet";

/** Stands in for the pipelines, which a service does not know: ids, one a line. */
const writeIds = async (
  decisions: AsyncIterable<ExportedDecision>,
  path: string,
): Promise<number> => {
  const lines: string[] = [];
  for await (const { record } of decisions) {
    lines.push(`${record.request.surface} ${record.subject ?? "nobody"}`);
  }
  writeFileSync(path, lines.join("\n"));
  return lines.length;
};

describe("an export as Parquet", () => {
  it("is what the filters leave, made by what the process was given, and gone from the disk", async () => {
    await harness.restart({ writeParquet: writeIds });
    for (const surface of ["home", "similar", "home"]) {
      await harness.call("POST /v1/recommend", {
        surface,
        user: { user_id: "exported" },
      });
    }
    await harness.service.close();
    await harness.restart({ writeParquet: writeIds });
    const file = await harness.call<string>(
      "GET /v1/audit/decisions?surface=home",
      undefined,
      { headers: { accept: PARQUET } },
    );
    expect(file.status).toBe(200);
    expect(file.headers["content-type"]).toBe(PARQUET);
    expect(file.body).toMatch(/^home [\w-]{22}\nhome [\w-]{22}$/);
    expect(readdirSync(join(harness.home, "exports"))).toEqual([]);
  });

  it("is refused by a process that cannot write it, with the way that can", async () => {
    await harness.restart();
    const refused = await harness.call<{ code: string; detail: string }>(
      "GET /v1/audit/decisions",
      undefined,
      { headers: { accept: PARQUET } },
    );
    expect(refused.body.code).toBe("NOT_READY");
    expect(refused.body.detail).toContain("recsys audit export");
  });
});

describe("the share of decisions with their whole trace", () => {
  const ask = async (namespace: string) => {
    const answer = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      namespace,
      k: 3,
    });
    const record = await recordOf(harness, answer.body.meta.request_id);
    return record.sample !== undefined;
  };
  const setShare = async (share: object) => {
    const section = "v1/admin/config/decision_log";
    const { headers } = await harness.call(`GET /${section}`);
    const changed = await harness.call(`PUT /${section}`, share, {
      headers: { "if-match": String(headers["etag"]) },
    });
    expect(changed.status).toBe(200);
  };

  it("is the namespace's own, and the process's where it has none", async () => {
    await harness.call("POST /v1/items?namespace=books", items(5));
    expect(await ask("default")).toBe(false);
    await setShare({ sample_share: 1 });
    expect(await ask("default")).toBe(true);
    expect(await ask("books")).toBe(false);
    await setShare({});
    expect(await ask("default")).toBe(false);
  });
});
