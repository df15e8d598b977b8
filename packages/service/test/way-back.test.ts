import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, startHarness, type Harness } from "./harness.ts";
import { publish } from "./publish.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(9));
});
afterAll(async () => {
  await harness.end();
});

const put = async (path: string, content: unknown) => {
  const headers = { "if-match": "*" };
  const answer = await harness.call(`PUT ${path}`, content, { headers });
  expect(answer.status).toBe(200);
};
const hashOf = async (path: string) => {
  const history = await harness.call<{
    versions: { live: boolean; hash: string }[];
  }>(`GET ${path}`);
  return history.body.versions.find(({ live }) => live)?.hash;
};

/** How to make the nth version, by document. */
const WRITES = {
  config: (n: number) =>
    put("/v1/admin/config/knobs", { "popularity.weight": n / 10 }),
  rules: (n: number) =>
    put("/v1/admin/rules", {
      rules: [
        {
          id: "r",
          action: "BLOCK",
          target: { item_ids: [`item-${n + 4}`] },
          priority: 1,
          enabled: true,
          owner: "shop",
          reason: "a test",
        },
      ],
    }),
  fallbacks: (n: number) =>
    put("/v1/admin/fallbacks/home", {
      item_ids: [`item-${n}`],
      owner: "shop",
      expires_at: "2099-01-01T00:00:00Z",
    }),
  manifests: async (n: number) => {
    await publish(harness, [["u", `item-${n}`]]);
  },
};

describe("the way back", () => {
  it.each(Object.entries(WRITES))(
    "of %s goes back two when it is taken twice, and ends where it began",
    async (name, write) => {
      const history = `/v1/admin/${name}${name === "manifests" ? "" : "/history"}`;
      const hashes: (string | undefined)[] = [];
      for (const n of [1, 2, 3]) {
        await write(n);
        hashes.push(await hashOf(history));
      }
      expect(new Set(hashes).size).toBe(3);
      const back = (body: object = {}) =>
        harness.call(`POST /v1/admin/${name}/rollback`, body);
      for (const expected of [hashes[1], hashes[0]]) {
        expect((await back()).status).toBe(200);
        expect(await hashOf(history)).toBe(expected);
      }
      // Before the first rules and settings there was something, too.
      const hasStart = name === "config" || name === "rules";
      if (hasStart) expect((await back()).status).toBe(200);
      const first = await hashOf(history);
      expect(hashes.includes(first)).toBe(!hasStart);
      expect(await back()).toMatchObject({
        status: 404,
        body: { code: "NOT_FOUND" },
      });
      // A new version has what was live as its parent, restored or not.
      await write(4);
      await back();
      expect(await hashOf(history)).toBe(first);
      expect((await back({ version: 3 })).status).toBe(200);
      expect(await hashOf(history)).toBe(hashes[2]);
      await back();
      expect(await hashOf(history)).toBe(hashes[1]);
    },
  );

  it("from an activated manifest leads to what was live before", async () => {
    const history = "/v1/admin/manifests";
    const before = await hashOf(history);
    const activated = await harness.call("POST /v1/admin/manifests/activate", {
      version: 1,
    });
    expect(activated.status).toBe(200);
    expect(await hashOf(history)).not.toBe(before);
    await harness.call("POST /v1/admin/manifests/rollback", {});
    expect(await hashOf(history)).toBe(before);
  });
});
