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

  it("leaves no rows that belong to nobody, whatever arrives at the same time", async () => {
    const who = { user_id: "busy" };
    const first = await recommend(who);
    const { request_id } = first.body.meta;
    const outcome = { request_id, item_id: "item-1", type: "purchase", ...who };
    await harness.call("POST /v1/exposures", [
      { request_id, item_ids: ["item-1"], ...who },
    ]);
    await harness.call("POST /v1/outcomes", [outcome]);
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        if (i % 6 === 5) {
          return harness.call("DELETE /v1/users?user_id=busy");
        }
        const list = await recommend(who);
        const { request_id } = list.body.meta;
        const seen = { request_id, item_ids: ["item-1"], ...who };
        const bought = { request_id, item_id: "item-1", type: "purchase" };
        await view({ ...who, session_id: `visit-${i}` });
        await harness.call("POST /v1/exposures", [seen]);
        return harness.call("POST /v1/outcomes", [{ ...bought, ...who }]);
      }),
    );
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await erase("user_id=busy");
    await erase("user_id=ann");
    for (const noun of ["audit/decisions", "events", "exposures", "outcomes"]) {
      const of = noun === "audit/decisions" ? "" : "?item_id=item-1";
      expect([noun, await listed(`/v1/${noun}${of}`)]).toEqual([noun, 0]);
    }
  });

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
