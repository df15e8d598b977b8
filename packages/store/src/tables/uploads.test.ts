import { MINUTE_MS } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import {
  appendUploadErrors,
  claimUpload,
  createUpload,
  findUpload,
  heartbeatUpload,
  listUploadErrors,
  listUploads,
  moveUpload,
  stuckUploads,
  UPLOAD_MOVES,
  type UploadState,
} from "./uploads.ts";

/** Every pair that is allowed; all others must be refused. */
const ALLOWED: Readonly<Record<UploadState, readonly UploadState[]>> = {
  received: ["validating", "failed", "stuck"],
  validating: ["loading", "done", "failed", "stuck"],
  loading: ["done", "failed", "stuck"],
  stuck: ["received", "validating", "loading", "failed"],
  done: [],
  failed: [],
};
const STATES = Object.keys(ALLOWED) as UploadState[];

describe("uploads", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const create = (namespace: string) =>
    test.inAcme((tx) =>
      createUpload(tx, namespace, {
        kind: "events",
        format: "csv",
        bytes: 1000,
        createdBy: "dev",
      }),
    );
  const move = (uploadId: string, to: UploadState) =>
    test.inAcme((tx) => moveUpload(tx, uploadId, { to }));

  it("moves only where the table of states leads", async () => {
    expect(UPLOAD_MOVES).toEqual(ALLOWED);
    for (const from of STATES) {
      for (const to of STATES) {
        const { uploadId } = await create("moves");
        await test.asOwner(
          "update uploads set state = $2 where upload_id = $1",
          [uploadId, from],
        );
        const moving = move(uploadId, to).then(
          (upload) => upload.state,
          (error: unknown) => (error as { code: string }).code,
        );
        const expected = ALLOWED[from].includes(to) ? to : "VERSION_CONFLICT";
        expect(await moving, `${from} to ${to}`).toBe(expected);
      }
    }
  });

  it("answers NOT_FOUND for an upload that is not there", async () => {
    await expect(
      move("00000000-0000-4000-8000-000000000000", "done"),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is taken by one worker, oldest first, and shows its progress", async () => {
    const [first, second] = [await create("work"), await create("work")];
    const claim = () => test.inAcme((tx) => claimUpload(tx, "work"));
    const claimed = await Promise.all([claim(), claim(), claim()]);
    const ids = claimed.flatMap((upload) => upload?.uploadId ?? []);
    expect(ids.sort()).toEqual([first.uploadId, second.uploadId].sort());
    const progress = {
      bytesRead: 500,
      rowsRead: 10,
      accepted: 7,
      duplicate: 1,
      rejected: 2,
    };
    const heartbeat = () =>
      test.inAcme((tx) => heartbeatUpload(tx, first.uploadId, progress));
    expect(await heartbeat()).toBe(true);
    await move(first.uploadId, "loading");
    const done = await move(first.uploadId, "done");
    expect(done).toMatchObject({ ...progress, state: "done" });
    expect(done.finishedAt).not.toBeNull();
    expect(await heartbeat()).toBe(false);
  });

  it("is stuck after minutes without progress and can go on", async () => {
    const { uploadId } = await create("stuck");
    await move(uploadId, "validating");
    const findStuck = () => test.inAcme((tx) => stuckUploads(tx, "stuck", 10));
    expect(await findStuck()).toEqual([]);
    await test.shiftClock(11 * MINUTE_MS);
    expect(await findStuck()).toMatchObject([
      { uploadId, state: "stuck", resumeState: "validating" },
    ]);
    expect(await findStuck()).toEqual([]);
    await move(uploadId, "validating");
    await test.shiftClock(0);
    expect((await test.inAcme((tx) => findUpload(tx, uploadId)))?.state).toBe(
      "validating",
    );
  });

  it("lists newest first, page by page and by state", async () => {
    const made = [await create("list"), await create("list")];
    const list = (page: { cursor?: string; state?: UploadState }) =>
      test.inAcme((tx) => listUploads(tx, "list", { limit: 1, ...page }));
    const first = await list({});
    const second = await list({ cursor: first.next ?? "" });
    expect(
      [...first.rows, ...second.rows].map((row) => row.uploadId).sort(),
    ).toEqual(made.map((upload) => upload.uploadId).sort());
    expect(second.next).toBeNull();
    expect((await list({ state: "done" })).rows).toEqual([]);
  });

  it("keeps why rows were rejected, once, also when the load is resumed", async () => {
    const { uploadId } = await create("errors");
    const errors = [3, 1, 2].map((row) => {
      return { row, path: "/price", code: "type", message: "not a number" };
    });
    for (let resumed = 0; resumed < 2; resumed++) {
      await test.inAcme((tx) => appendUploadErrors(tx, uploadId, errors));
    }
    const listed = await test.inAcme((tx) =>
      listUploadErrors(tx, uploadId, { row: 1, limit: 10 }),
    );
    expect(listed.map((error) => error.row)).toEqual([2, 3]);
  });
});
