import { DAY_MS } from "@recsys/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { ensurePartitions } from "./partitions.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

it("makes the partitions of a new day once, however many writers are first", async () => {
  const { id } = await test.newTenant();
  for (let day = 0; day < 5; day++) {
    const moment = Date.UTC(2001, 0, 1) + 10 * day * DAY_MS;
    const writers = Array.from({ length: 8 }, () =>
      test.store.inTenant(id, (tx) =>
        ensurePartitions(tx, "outcomes", [moment]),
      ),
    );
    await expect(Promise.all(writers)).resolves.toHaveLength(8);
  }
});
