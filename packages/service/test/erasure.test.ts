import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(5));
});
afterAll(async () => {
  await harness.end();
});

const erase = async (query: string) => {
  const answer = await harness.call(`DELETE /v1/users?${query}`);
  return [answer.status, answer.body["deleted"]];
};
const listed = async (url: string) => {
  const answer = await harness.call<{ items: object[] }>(`GET ${url}`);
  return answer.body.items.length;
};
const recommend = (user: object) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 2,
    user,
  });
const view = (who: object) =>
  harness.call("POST /v1/events", [
    { ...who, type: "view", item_id: "item-1" },
  ]);

describe("DELETE /v1/users", () => {
  it("erases all that stands of a person and lets nothing under way bring it back", async () => {
    await harness.call("POST /v1/users", [{ user_id: "ann", locale: "de" }]);
    await view({ session_id: "visit" });
    await view({ user_id: "ann", session_id: "visit" });
    await recommend({ user_id: "ann" });
    expect(await erase("user_id=ann")).toEqual([200, 1]);
    // Asking for decisions ships what waits.
    expect(await listed("/v1/audit/decisions?user_id=ann")).toBe(0);
    expect(await erase("user_id=ann")).toEqual([200, 0]);
    expect(await listed("/v1/events?session_id=visit")).toBe(0);
    expect(await listed("/v1/events")).toBe(0);
    expect(await listed("/v1/users?user_id=ann")).toBe(0);
    await view({ user_id: "ann" });
    expect(await listed("/v1/events?user_id=ann")).toBe(1);
  });

  it.each(["anonymous_id", "session_id"])(
    "erases whoever is known by %s alone",
    async (name) => {
      await view({ [name]: "guest" });
      await recommend({ [name]: "guest" });
      expect(await listed(`/v1/events?${name}=guest`)).toBe(1);
      expect(await erase(`${name}=guest`)).toEqual([200, 1]);
      expect(await listed(`/v1/events?${name}=guest`)).toBe(0);
      expect(await listed(`/v1/audit/decisions?${name}=guest`)).toBe(0);
    },
  );

  it("takes one identifier, so that nobody is erased by mistake", async () => {
    const answer = await harness.call(
      "DELETE /v1/users?user_id=ann&anonymous_id=other",
    );
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/query/anonymous_id", code: "value" }] },
    });
  });
});
