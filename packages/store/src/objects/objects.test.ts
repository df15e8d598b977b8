import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContentHash } from "@recsys/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { fsObjects } from "./fs-objects.ts";
import type { ObjectStore } from "./object-store.ts";
import { postgresObjects } from "./postgres-objects.ts";

let test: TestStore;
let directory: string;

beforeAll(async () => {
  test = await openTestStore();
  directory = mkdtempSync(join(tmpdir(), "recsys-objects-"));
});
afterAll(async () => {
  await test.close();
  rmSync(directory, { recursive: true });
});

interface Driver {
  readonly objects: ObjectStore;
  /** Flips one bit of a stored object behind the driver's back. */
  damage(hash: ContentHash): Promise<void>;
}

const drivers: Record<string, () => Promise<Driver>> = {
  fs: () => {
    const path = mkdtempSync(join(directory, "fs-"));
    return Promise.resolve({
      objects: fsObjects(path),
      damage(hash) {
        writeFileSync(join(path, hash.slice(0, 2), hash), "hellp");
        return Promise.resolve();
      },
    });
  },
  postgres: async () => {
    const { id } = await test.newTenant();
    return {
      objects: postgresObjects(test.store, id),
      async damage(hash) {
        await test.owner.query(
          "update object_chunks set bytes = set_bit(bytes, 3, 1 - get_bit(bytes, 3)) where hash = $1 and tenant_id = $2",
          [hash, id],
        );
      },
    };
  },
};

describe.each(Object.keys(drivers))("objects in %s", (name) => {
  let driver: Driver;
  beforeEach(async () => {
    const open = drivers[name];
    if (open === undefined) throw new Error(`no driver ${name}`);
    driver = await open();
  });

  it("are named by their SHA-256 and come back whole", async () => {
    const hash = await driver.objects.put(Buffer.from("hello"));
    expect(hash).toBe(
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    );
    expect(Buffer.from(await driver.objects.get(hash)).toString()).toBe(
      "hello",
    );
  });

  it.each([0, 1, 1_048_576, 1_048_577, 5_000_000])(
    "come back whole with %i bytes",
    async (size) => {
      const bytes = randomBytes(size);
      const hash = await driver.objects.put(bytes);
      const read = await driver.objects.get(hash);
      expect(createHash("sha256").update(read).digest("hex")).toBe(hash);
    },
  );

  it("are read into memory that the caller provides, shared memory too", async () => {
    const bytes = randomBytes(1_500_000);
    const hash = await driver.objects.put(bytes);
    const shared = new SharedArrayBuffer(2_000_000);
    const read = await driver.objects.get(
      hash,
      (byteLength) => new Uint8Array(shared, 64, byteLength),
    );
    expect(read.buffer).toBe(shared);
    expect(Buffer.compare(Buffer.from(read), bytes)).toBe(0);
  });

  it("are refused when a bit has flipped", async () => {
    const hash = await driver.objects.put(Buffer.from("hello"));
    await driver.damage(hash);
    await expect(driver.objects.get(hash)).rejects.toMatchObject({
      code: "ARTIFACT_INVALID",
    });
  });

  it("are found damaged without being read into memory, and whole when stored again", async () => {
    const hash = await driver.objects.put(Buffer.from("hello"));
    expect(await driver.objects.check(hash)).toBe("whole");
    await driver.damage(hash);
    expect(await driver.objects.check(hash)).toBe("damaged");
    await driver.objects.put(Buffer.from("hello"));
    expect(await driver.objects.check(hash)).toBe("whole");
    await driver.objects.remove(hash);
    expect(await driver.objects.check(hash)).toBe("missing");
  });

  it("are an error when they are not there", async () => {
    await expect(
      driver.objects.get("0".repeat(64) as ContentHash),
    ).rejects.toMatchObject({ code: "ARTIFACT_INVALID" });
    expect(await driver.objects.has("0".repeat(64) as ContentHash)).toBe(false);
  });

  it("are refused by a name that is not a hash", async () => {
    await expect(
      Promise.resolve().then(() =>
        driver.objects.get("../../etc/passwd" as ContentHash),
      ),
    ).rejects.toMatchObject({ code: "ARTIFACT_INVALID" });
  });

  it("may be stored twice and removed twice", async () => {
    const hash = await driver.objects.put(Buffer.from("hello"));
    expect(await driver.objects.put(Buffer.from("hello"))).toBe(hash);
    await driver.objects.remove(hash);
    await driver.objects.remove(hash);
    expect(await driver.objects.has(hash)).toBe(false);
  });

  it("are listed with their sizes", async () => {
    await driver.objects.put(Buffer.from("hello"));
    await driver.objects.put(Buffer.from("hi"));
    const sizes: number[] = [];
    for await (const { bytes } of driver.objects.list()) sizes.push(bytes);
    expect(sizes.sort()).toEqual([2, 5]);
  });
});

describe("postgres objects", () => {
  it("beyond the limit of DB-only mode are an error that names the way out", async () => {
    const { id } = await test.newTenant();
    const objects = postgresObjects(test.store, id, { maxBytes: 1_000 });
    await expect(
      Promise.resolve().then(() => objects.put(new Uint8Array(1_001))),
    ).rejects.toMatchObject({ code: "ARTIFACT_TOO_LARGE" });
  });

  it("are out of another tenant's reach", async () => {
    const [a, b] = [await test.newTenant(), await test.newTenant()];
    const hash = await postgresObjects(test.store, a.id).put(
      Buffer.from("hello"),
    );
    expect(await postgresObjects(test.store, b.id).has(hash)).toBe(false);
  });
});

describe("fs objects", () => {
  it("leave no draft beside what they wrote", async () => {
    const path = mkdtempSync(join(directory, "draft-"));
    const hash = await fsObjects(path).put(Buffer.from("hello"));
    expect(readdirSync(join(path, hash.slice(0, 2)))).toEqual([hash]);
  });
});
