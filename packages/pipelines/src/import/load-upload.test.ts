import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { messageOf, toError } from "@recsys/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  loadUpload,
  type UploadCounts,
  type UploadedFile,
} from "./load-upload.ts";
import { memoryTarget } from "./memory-target.ts";

const clock = () => Date.parse("2026-11-21T08:00:00Z");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recsys-upload-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function upload(
  content: string,
  more: Partial<UploadedFile> = {},
): UploadedFile & { readonly heard: UploadCounts[] } {
  const path = join(folder, "received");
  writeFileSync(path, content);
  const heard: UploadCounts[] = [];
  return {
    path,
    kind: "events",
    format: "csv",
    mapping: {},
    dryRun: false,
    onProgress: (counts) => {
      heard.push(counts);
      return Promise.resolve();
    },
    heard,
    ...more,
  };
}

const THREE = `who,item_id,type,ts
a,i1,view,2026-11-20T00:00:00Z
b,i1,sneeze,2026-11-20T00:00:00Z
c,i2,view,2026-11-20T00:00:01Z
`;

test("a file is validated, then loaded; each bad row is told once with its line", async () => {
  const target = memoryTarget();
  const file = upload(THREE, { mapping: { user_id: "who" } });
  const final = await loadUpload(file, { target, clock });
  expect(final).toMatchObject({
    rowsRead: 3,
    accepted: 2,
    rejected: 1,
    bytesRead: THREE.length,
  });
  expect(file.heard.map((counts) => counts.state)).toEqual([
    "validating",
    "loading",
  ]);
  const errors = [...file.heard, final].flatMap((counts) => counts.errors);
  expect(errors.map(({ row, code, path }) => [row, code, path])).toEqual([
    [3, "unknown_event_type", "/type"],
  ]);
  expect(target.rows).toHaveLength(2);
});

test("a dry run validates and writes nothing", async () => {
  const target = memoryTarget();
  const file = upload(THREE, { mapping: { user_id: "who" }, dryRun: true });
  const final = await loadUpload(file, { target, clock });
  expect(final).toMatchObject({
    state: "validating",
    accepted: 2,
    rejected: 1,
  });
  expect(target.rows).toEqual([]);
});

test("a column that is no field fails the upload before anything is written", async () => {
  const target = memoryTarget();
  await expect(
    loadUpload(upload(THREE), { target, clock }),
  ).rejects.toMatchObject({ code: "UPLOAD_INVALID" });
  expect(target.rows).toEqual([]);
});

test("exposures and outcomes are read like events", async () => {
  const target = memoryTarget();
  const id = "0190d3a5-7b1e-7000-8000-000000000001";
  const lines = `{"request_id":"${id}","item_ids":["i1","i2"],"user_id":"a","ts":"2026-11-20T00:00:00Z"}\n`;
  await loadUpload(upload(lines, { kind: "exposures", format: "jsonl" }), {
    target,
    clock,
  });
  const outcome = `{"request_id":"${id}","item_id":"i1","type":"click","ts":"2026-11-20T00:00:00Z"}\n`;
  await loadUpload(upload(outcome, { kind: "outcomes", format: "jsonl" }), {
    target,
    clock,
  });
  expect(target.rows.map((row) => row.entity)).toEqual(["exposure", "outcome"]);
  expect(target.rows[0]?.input).toMatchObject({ item_ids: ["i1", "i2"] });
});

test("a broken archive fails with nothing accepted, and without the path of the server", async () => {
  const rows = `${THREE}${"a,i1,view,2026-11-20T00:00:00Z\n".repeat(200_000)}`;
  const file = upload("", { mapping: { user_id: "who" } });
  const packed = gzipSync(rows, { level: 0 });
  writeFileSync(file.path, packed.subarray(0, packed.length - 1000));
  const target = memoryTarget();
  const failure = await loadUpload(file, { target, clock }).catch(toError);
  expect(failure).toMatchObject({ code: "UPLOAD_INVALID" });
  expect(messageOf(failure)).toMatch(/^The file: reading it failed/);
  expect(messageOf(failure)).not.toContain(folder);
  expect(file.heard.at(-1)?.rowsRead).toBeGreaterThan(10_000);
  expect(file.heard.every(({ accepted }) => accepted === 0)).toBe(true);
});

test("a reason is short, and without characters that a database refuses", async () => {
  const line = (key: string) =>
    `{"item_id":"i","attributes":{${JSON.stringify(key)}:1}}\n`;
  const file = upload(line("\u0000") + line("k".repeat(9000)), {
    kind: "items",
    format: "jsonl",
  });
  const end = await loadUpload(file, { target: memoryTarget(), clock });
  const errors = [...file.heard, end].flatMap((counts) => counts.errors);
  expect(errors[0]?.path).toBe("/attributes/\\u{0}");
  expect(errors[1]?.path.length).toBeLessThan(600);
});
