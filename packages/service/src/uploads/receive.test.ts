import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { receiveFile } from "./receive.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recsys-receive-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("where no file can be kept, that is what the answer says", async () => {
  const place = join(folder, "uploads");
  writeFileSync(place, "a file where the folder should be");
  await expect(
    receiveFile(Readable.from(["a"]), join(place, "demo"), 10),
  ).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});

test.each(["ENOSPC", "EPERM"])(
  "%s is no defect of the service",
  async (code) => {
    // The same way as when the disk refuses: the pipeline fails with this code.
    const body = new Readable({
      read() {
        this.destroy(Object.assign(new Error(code), { code }));
      },
    });
    await expect(receiveFile(body, folder, 10)).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
    });
  },
);
