import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  anonymousIdentity,
  sessionIdentity,
  userIdentity,
} from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { ensurePeople, findPerson } from "./people.ts";

describe("people", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  it("gives each identity one key, the same the next time", async () => {
    const identities = [userIdentity("ann"), sessionIdentity("s1")];
    const first = await test.inAcme((tx) =>
      ensurePeople(tx, "default", identities),
    );
    const second = await test.inAcme((tx) =>
      ensurePeople(tx, "default", [...identities, ...identities]),
    );
    expect(second).toEqual(first);
    const ann = first.get("pu-ann");
    expect(ann).toMatchObject({ kind: "user", externalId: "ann" });
    expect(ann?.bucketKey).toBe(ann?.userKey);
    expect(ann?.userKey).not.toBe(first.get("ps-s1")?.userKey);
  });

  it("keeps namespaces and tenants apart", async () => {
    const ann = [userIdentity("ann")];
    const keys = await Promise.all(
      [
        ["acme", "default"],
        ["acme", "books"],
        ["bolt", "default"],
      ].map(async ([tenant = "", namespace = ""]) => {
        const people = await test.store.inTenant(tenant, (tx) =>
          ensurePeople(tx, namespace, ann),
        );
        return people.get("pu-ann")?.userKey;
      }),
    );
    expect(new Set(keys).size).toBe(3);
  });

  it("learns the identifier of a person whom only a decision named so far", async () => {
    const bare = { kind: null, pseudonym: "pa-late", externalId: null };
    const before = await test.inAcme((tx) =>
      ensurePeople(tx, "default", [bare]),
    );
    await test.inAcme((tx) =>
      ensurePeople(tx, "default", [bare, anonymousIdentity("late")]),
    );
    const after = await test.inAcme((tx) =>
      findPerson(tx, "default", "pa-late"),
    );
    expect(after).toEqual({
      ...before.get("pa-late"),
      kind: "anonymous",
      externalId: "late",
    });
  });

  it("agrees between writers that meet the same new people in opposite orders", async () => {
    const crowd = Array.from({ length: 200 }, (_, i) =>
      userIdentity(`crowd-${i}`),
    );
    const write = (identities: typeof crowd) =>
      test.inAcme((tx) => ensurePeople(tx, "default", identities));
    const [one, two] = await Promise.all([
      write(crowd),
      write([...crowd].reverse()),
    ]);
    expect(one.size).toBe(200);
    expect(two).toEqual(one);
  });
});
