import type { UserEvent, UserState } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { UserStates } from "./user-states.ts";

function event(item_id: string, ts: number): UserEvent {
  return { item_id, type: "view", ts };
}

function state(...events: UserEvent[]): UserState {
  return { events, traits: {}, consent: "unknown", bucket_key: "b" };
}

describe("UserStates", () => {
  it("reads once for concurrent callers and answers from memory afterwards", async () => {
    let reads = 0;
    const states = new UserStates({
      maxBytes: 10_000,
      load: () => {
        reads++;
        return Promise.resolve(state(event("a", 1)));
      },
    });
    await Promise.all([
      states.load("t", "n", "anna"),
      states.load("t", "n", "anna"),
    ]);
    expect(reads).toBe(1);
    expect(states.peek("t", "n", "anna")?.events).toEqual([event("a", 1)]);
    expect(states.peek("other", "n", "anna")).toBeUndefined();
  });

  it("reads again what was overtaken by a change, for who waits and for the next", async () => {
    const arrivals: ((found: UserState) => void)[] = [];
    const states = new UserStates({
      maxBytes: 10_000,
      load: () => new Promise((resolve) => arrivals.push(resolve)),
    });
    const reading = states.load("t", "n", "anna");
    states.forget("t", "n", ["anna"]);
    arrivals[0]?.(state());
    await expect.poll(() => arrivals.length).toBe(2);
    expect(states.peek("t", "n", "anna")).toBeUndefined();
    arrivals[1]?.(state(event("a", 1)));
    expect((await reading).events).toEqual([event("a", 1)]);
    expect(states.peek("t", "n", "anna")?.events).toEqual([event("a", 1)]);
  });

  it("stops reading again when every read is overtaken", async () => {
    let reads = 0;
    const states: UserStates = new UserStates({
      maxBytes: 10_000,
      load: () => {
        reads++;
        return Promise.resolve().then(() => {
          states.forget("t", "n", ["anna"]);
          return state();
        });
      },
    });
    await states.load("t", "n", "anna");
    expect(reads).toBe(3);
    expect(states.peek("t", "n", "anna")).toBeUndefined();
  });

  it("serves what it has until a changed state is read anew", async () => {
    let stored = state(event("a", 1));
    const states = new UserStates({
      maxBytes: 10_000,
      load: () => Promise.resolve(stored),
    });
    await states.load("t", "n", "anna");
    stored = state(event("b", 2), event("a", 1));
    states.refresh("t", "n", ["anna", "unknown"]);
    expect(states.peek("t", "n", "anna")?.events).toHaveLength(1);
    await states.load("t", "n", "anna");
    expect(states.peek("t", "n", "anna")?.events).toHaveLength(2);
    expect(states.peek("t", "n", "unknown")).toBeUndefined();
  });

  it("forgets the least recently used beyond its limit", async () => {
    const states = new UserStates({
      maxBytes: 700,
      load: () => Promise.resolve(state()),
    });
    for (const name of ["a", "b"]) await states.load("t", "n", name);
    states.peek("t", "n", "a");
    await states.load("t", "n", "c");
    expect(states.peek("t", "n", "b")).toBeUndefined();
    expect(states.peek("t", "n", "a")).toBeDefined();
    expect(states.bytes).toBeLessThanOrEqual(700);
  });

  it("forgets a namespace without touching another", async () => {
    const states = new UserStates({
      maxBytes: 10_000,
      load: () => Promise.resolve(state()),
    });
    await states.load("t", "n", "a");
    await states.load("t", "n2", "a");
    states.forget("t", "n", null);
    expect(states.peek("t", "n", "a")).toBeUndefined();
    expect(states.peek("t", "n2", "a")).toBeDefined();
  });
});
