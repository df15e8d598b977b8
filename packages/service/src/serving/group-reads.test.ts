import { ApiError } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { groupReads } from "./group-reads.ts";
import { EMPTY_STATE } from "./user-states.ts";

/** Everything that was waiting only for promises has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function controlled() {
  const reads: {
    readonly of: string;
    finish(): void;
    fail(error: Error): void;
  }[] = [];
  const load = groupReads(
    (tenant, namespace, pseudonyms) =>
      new Promise((resolve, reject) => {
        reads.push({
          of: `${tenant}/${namespace}: ${pseudonyms.join(" ")}`,
          finish() {
            const known = pseudonyms.filter((each) => each !== "nobody");
            resolve(
              new Map(
                known.map((each) => [
                  each,
                  { ...EMPTY_STATE, bucket_key: each },
                ]),
              ),
            );
          },
          fail: reject,
        });
      }),
  );
  return { load, reads };
}

describe("reads of user states", () => {
  it("start at once for a lone caller, and take those together who came meanwhile", async () => {
    const { load, reads } = controlled();
    const first = load("a", "default", "ann");
    const others = ["bob", "nobody"].map((each) => load("a", "default", each));
    expect(reads.map((read) => read.of)).toEqual(["a/default: ann"]);
    reads[0]?.finish();
    expect((await first)?.bucket_key).toBe("ann");
    await settled();
    expect(reads.map((read) => read.of)).toEqual([
      "a/default: ann",
      "a/default: bob nobody",
    ]);
    reads[1]?.finish();
    const [bob, nobody] = await Promise.all(others);
    expect(bob?.bucket_key).toBe("bob");
    expect(nobody).toBeNull();
  });

  it("of one namespace do not wait for another", () => {
    const { load, reads } = controlled();
    void load("a", "default", "ann");
    void load("a", "probe", "ann");
    void load("b", "default", "ann");
    expect(reads).toHaveLength(3);
  });

  it("fail only for the one whose rows cannot be read", async () => {
    const { load, reads } = controlled();
    const first = load("a", "default", "ann");
    const bob = load("a", "default", "bob");
    const bad = load("a", "default", "bad");
    const eve = load("a", "default", "eve");
    const failed = expect(bad).rejects.toThrow("not readable");
    reads[0]?.finish();
    await first;
    await settled();
    reads[1]?.fail(new Error("not readable"));
    await settled();
    reads[2]?.finish();
    await settled();
    reads[3]?.fail(new Error("not readable"));
    await settled();
    reads[4]?.finish();
    await failed;
    expect((await bob)?.bucket_key).toBe("bob");
    expect((await eve)?.bucket_key).toBe("eve");
    expect(reads.slice(1).map((read) => read.of)).toEqual([
      "a/default: bob bad eve",
      "a/default: bob",
      "a/default: bad",
      "a/default: eve",
    ]);
  });

  it("stop being tried alone when the database goes away meanwhile", async () => {
    const { load, reads } = controlled();
    const first = load("a", "default", "ann");
    const others = ["bob", "eve"].map((each) => load("a", "default", each));
    reads[0]?.finish();
    await first;
    await settled();
    reads[1]?.fail(new Error("not readable"));
    await settled();
    reads[2]?.fail(new ApiError("DATABASE_UNAVAILABLE"));
    for (const each of others) {
      await expect(each).rejects.toMatchObject({
        code: "DATABASE_UNAVAILABLE",
      });
    }
    expect(reads).toHaveLength(3);
  });

  it("that fail for one do not stop the next ones", async () => {
    const { load, reads } = controlled();
    const first = load("a", "default", "ann");
    const second = load("a", "default", "bob");
    reads[0]?.fail(new Error("away"));
    await expect(first).rejects.toThrow("away");
    await settled();
    reads[1]?.finish();
    expect((await second)?.bucket_key).toBe("bob");
    await settled();
    void load("a", "default", "ann");
    expect(reads).toHaveLength(3);
  });

  it("fail at once with everybody who waits while the database is away", async () => {
    const { load, reads } = controlled();
    const all = ["ann", "bob", "eve"].map((each) => load("a", "default", each));
    reads[0]?.fail(new ApiError("DATABASE_UNAVAILABLE"));
    for (const each of all) {
      await expect(each).rejects.toMatchObject({
        code: "DATABASE_UNAVAILABLE",
      });
    }
    await settled();
    expect(reads).toHaveLength(1);
    void load("a", "default", "ann");
    expect(reads).toHaveLength(2);
  });
});
