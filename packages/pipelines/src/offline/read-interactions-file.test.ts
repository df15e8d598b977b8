import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textAt } from "../interactions/event-columns.ts";
import { guessFormat, readInteractionsFile } from "./read-interactions-file.ts";

describe("files of interactions", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "recsys-files-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function csv(text: string, mapping = {}, name = "f.csv.gz") {
    const path = join(folder, name);
    await writeFile(path, name.endsWith(".gz") ? gzipSync(text) : text);
    return readInteractionsFile({
      path,
      format: "csv",
      type: "rating",
      ...mapping,
    });
  }

  it("reads a gzipped CSV with ratings and Unix seconds", async () => {
    const read = await csv(
      "user_id,item_id,rating,timestamp\n1,168,5,874965478\n2,7,3,874965479\n",
    );
    expect(read.rowCount).toBe(2);
    expect(textAt(read.user, 1)).toBe("2");
    expect(textAt(read.item, 0)).toBe("168");
    expect([...read.value]).toEqual([5, 3]);
    expect([...read.ts]).toEqual([874965478000, 874965479000]);
    expect(textAt(read.type, 1)).toBe("rating");
  });

  it("reads ISO times, as UTC where they have no zone", async () => {
    const read = await csv(
      "who,what,at\na,x,2011-06-01T00:00:00\nb,y,2011-06-01T02:00:00+02:00\n",
      { mapping: { user: "who", item: "what", timestamp: "at" } },
    );
    expect([...read.ts]).toEqual([1306886400000, 1306886400000]);
  });

  it("names the column that a file lacks and the columns that it has", async () => {
    await expect(csv("user,item_id\n1,2\n")).rejects.toMatchObject({
      code: "UPLOAD_INVALID",
      message: expect.stringContaining(
        "has no column user_id; it has user, item_id",
      ) as string,
    });
  });

  it("names the row without an item", async () => {
    await expect(csv("user_id,item_id\n1,2\n3,\n")).rejects.toThrow(
      "row 2: no readable item",
    );
  });

  it("reads adjacency lines", async () => {
    const path = join(folder, "train.txt.gz");
    await writeFile(path, gzipSync("0 1 2\n1 2\n3\n"));
    const read = await readInteractionsFile({
      path,
      format: guessFormat(path),
      type: "purchase",
    });
    expect(read.rowCount).toBe(3);
    expect(textAt(read.item, 2)).toBe("2");
    expect(textAt(read.user, 2)).toBe("1");
  });
});
