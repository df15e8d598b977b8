import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiError } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadUpload, UploadJob } from "../src/index.ts";
import { startHarness, type Answer, type Harness } from "./harness.ts";
import { eventually } from "./publish.ts";

let harness: Harness;
const loaded: { job: Omit<UploadJob, "onProgress">; text: string }[] = [];

const load: LoadUpload = async ({ onProgress, ...job }) => {
  const text = readFileSync(job.path, "utf8");
  loaded.push({ job, text });
  if (text === "bad") {
    throw new ApiError("UPLOAD_INVALID", { detail: "There is no header." });
  }
  if (text === "flood") return flood(onProgress);
  const counts = {
    bytesRead: text.length,
    rowsRead: 2,
    accepted: 1,
    duplicate: 0,
    rejected: 1,
  };
  await onProgress({ ...counts, state: "loading", errors: [] });
  const error = { row: 1, path: "/ts", code: "time", message: "is no moment" };
  return { ...counts, state: "loading", errors: [error] };
};

/** 12,000 rejected rows in reports of 4,000. */
async function flood(onProgress: UploadJob["onProgress"]) {
  const report = (to: number) => ({
    state: "loading" as const,
    bytesRead: 5,
    rowsRead: to,
    accepted: 0,
    duplicate: 0,
    rejected: to,
    errors: Array.from({ length: 4000 }, (_, i) => ({
      row: to - 4000 + i,
      path: "",
      code: "field_count",
      message: "The line has 2 fields and the header 5.",
    })),
  });
  await onProgress(report(4000));
  await onProgress(report(8000));
  return report(12_000);
}

beforeAll(async () => {
  harness = await startHarness({ deps: { loadUpload: load } });
});
afterAll(async () => {
  await harness.end();
});

interface UploadAnswer {
  readonly upload: { readonly upload_id: string; readonly state: string };
  readonly errors?: readonly object[];
}

const send = (query: string, raw: string, headers = {}) =>
  harness.call<UploadAnswer>(`POST /v1/uploads?${query}`, undefined, {
    raw,
    headers: { "content-type": "text/csv", ...headers },
  });

const folder = () => join(harness.home, "uploads", "demo");
const filesLeft = () => readdirSync(folder());

async function ended(answer: Answer<UploadAnswer>) {
  const url = `GET /v1/uploads/${answer.body.upload.upload_id}`;
  const read = () => harness.call<UploadAnswer>(url);
  await eventually(async () =>
    ["done", "failed"].includes((await read()).body.upload.state),
  );
  return (await read()).body;
}

describe("uploads", () => {
  it("are received, loaded in the background and report rejected rows", async () => {
    const answer = await send(
      "kind=events&format=csv&mapping=ts:when",
      "a,b\n",
    );
    expect(answer).toMatchObject({
      status: 202,
      body: { upload: { state: "received" } },
    });
    expect(await ended(answer)).toMatchObject({
      upload: { state: "done", accepted: 1, rejected: 1 },
      errors: [{ row: 1, path: "/ts", code: "time" }],
    });
    expect(loaded.at(-1)).toMatchObject({
      text: "a,b\n",
      job: { kind: "events", format: "csv", mapping: { ts: "when" } },
    });
  });

  it("fail with the reason when the file cannot be read as declared", async () => {
    const answer = await send("kind=items&format=csv", "bad");
    expect(await ended(answer)).toMatchObject({
      upload: { state: "failed", error: "There is no header." },
    });
  });

  it("keep the reasons of the first 10,000 rejected rows and count the rest", async () => {
    const answer = await send("kind=events&format=csv", "flood");
    expect(await ended(answer)).toMatchObject({
      upload: { state: "done", rejected: 12_000 },
      errors_not_kept: 2000,
    });
    const url = `GET /v1/uploads/${answer.body.upload.upload_id}`;
    const after = async (row: number) =>
      (await harness.call<UploadAnswer>(`${url}?after_row=${row}`)).body.errors;
    expect(await after(9998)).toMatchObject([{ row: 9999 }]);
    expect(await after(9999)).toEqual([]);
  });

  it("are taken once per Idempotency-Key", async () => {
    const before = loaded.length;
    const key = { "idempotency-key": "file-1" };
    const first = await send("kind=items&format=csv", "one", key);
    const again = await send("kind=items&format=csv", "one", key);
    expect(again.body.upload.upload_id).toBe(first.body.upload.upload_id);
    const other = await send("kind=items&format=csv", "two", key);
    expect(other).toMatchObject({
      status: 409,
      body: { code: "IDEMPOTENCY_CONFLICT" },
    });
    await ended(first);
    expect(loaded.length).toBe(before + 1);
  });

  it("with a mapping that is none are refused and leave no file", async () => {
    for (const mapping of ["item_id", ":", ",", ""]) {
      const answer = await send(
        `kind=events&format=csv&mapping=${mapping}`,
        "a,b\n",
      );
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ path: "/query/mapping" }] },
      });
    }
    // Those of the uploads before may be loading still.
    await expect.poll(filesLeft, { timeout: 20_000 }).toEqual([]);
  });

  it("need to say what they are", async () => {
    const answer = await send("format=csv", "a");
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/query/kind" }] },
    });
  });

  it("can be probed: written, read back, removed", async () => {
    const answer = await harness.call("POST /v1/uploads?probe=true");
    expect(answer).toMatchObject({
      status: 200,
      body: {
        probe: {
          ok: true,
          steps: [
            { step: "write", ok: true },
            { step: "read_item", ok: true },
            { step: "read_event", ok: true },
            { step: "remove", ok: true },
          ],
        },
      },
    });
  });
});
