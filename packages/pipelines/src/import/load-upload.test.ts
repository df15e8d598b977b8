import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
