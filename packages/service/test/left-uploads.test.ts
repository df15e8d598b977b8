import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createUpload, findUpload, moveUpload } from "@recsys/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHarness, type Harness } from "./harness.ts";
import { eventually } from "./publish.ts";

let harness: Harness;
const loaded: string[] = [];
beforeAll(async () => {
  harness = await startHarness({
    deps: {
      loadUpload: ({ uploadId, mapping }) => {
        loaded.push(`${uploadId} ${JSON.stringify(mapping)}`);
        const counts = { bytesRead: 3, rowsRead: 1, accepted: 1 };
        const none = { duplicate: 0, rejected: 0, errors: [] };
        return Promise.resolve({ ...counts, ...none, state: "loading" });
      },
    },
  });
});
afterAll(async () => {
  await harness.end();
});

/** No process has this number; it lies above what a system gives. */
const deadFile = (n: number) =>
  `${hostname().replaceAll("_", "-")}_99999999_1_0_1_${n}.part`;
const folder = () => join(harness.home, "uploads", "demo");

/** An upload in the middle of its validation, as a killed process leaves it. */
async function leave(file: string, resumes = 0): Promise<string> {
  mkdirSync(folder(), { recursive: true });
  const upload = await harness.store.inTenant("demo", async (tx) => {
    const settings = { mapping: { ts: "when" }, dry_run: false, file };
    const made = await createUpload(tx, "default", {
      kind: "events",
      format: "csv",
      bytes: 3,
      createdBy: "k",
      settings: { ...settings, is_gzip: false, resumes },
    });
    await moveUpload(tx, made.uploadId, { to: "validating" });
    return made;
  });
  return upload.uploadId;
}

const find = (id: string) =>
  harness.store.inTenant("demo", (tx) => findUpload(tx, id));

it("goes on with the upload of a process that ended, and leaves no file", async () => {
  const id = await leave(deadFile(1));
  writeFileSync(join(folder(), deadFile(1)), "a\nb");
  writeFileSync(join(folder(), deadFile(2)), "never taken");
  await harness.restart();
  await eventually(async () => (await find(id))?.state === "done");
  expect(loaded).toEqual([`${id} {"ts":"when"}`]);
  await eventually(() => Promise.resolve(readdirSync(folder()).length === 0));
});

it("does not go on for ever with a file that ended three processes", async () => {
  const id = await leave(deadFile(4), 3);
  writeFileSync(join(folder(), deadFile(4)), "a\nb");
  await harness.store.withClient("demo", (client) =>
    client.query(
      `update public.uploads
          set heartbeat_at = recsys.now() - interval '11 minutes'
        where upload_id = $1`,
      [id],
    ),
  );
  const before = loaded.length;
  await harness.restart();
  await eventually(async () => (await find(id))?.state === "failed");
  await eventually(() => Promise.resolve(readdirSync(folder()).length === 0));
  expect(loaded.length).toBe(before);
});

it("fails the upload whose file is gone, and its key is free again", async () => {
  const send = () =>
    harness.call<{ upload: { upload_id: string } }>(
      "POST /v1/uploads?kind=events&format=csv",
      undefined,
      {
        raw: "abc",
        headers: { "content-type": "text/csv", "idempotency-key": "k" },
      },
    );
  const id = (await send()).body.upload.upload_id;
  await eventually(async () => (await find(id))?.state === "done");
  const settings = JSON.stringify({ mapping: {}, file: deadFile(3) });
  await harness.store.withClient("demo", (client) =>
    client.query(
      `update public.uploads
          set state = 'validating', finished_at = null, settings = $2,
              heartbeat_at = recsys.now() - interval '11 minutes'
        where upload_id = $1`,
      [id, settings],
    ),
  );
  await harness.restart();
  await eventually(async () => (await find(id))?.state === "failed");
  expect((await find(id))?.error).toMatch(/has ended/);
  expect(existsSync(join(folder(), deadFile(3)))).toBe(false);
  expect((await send()).body.upload.upload_id).not.toBe(id);
});
