import { describe, expect, test } from "vitest";
import {
  checkKnownItems,
  checkOnlyNewItems,
  checkSharedEvents,
  checkTimeOrder,
} from "./leakage.ts";

const at = (ts: number) => ({
  eventId: `e${ts}`,
  userId: "u",
  itemId: "a",
  ts,
});

describe("leakage checks", () => {
  test("fail for a test interaction at the very end of training", () => {
    expect(checkTimeOrder([at(99), at(100), at(101)], 100)).toMatchObject({
      outcome: "fail",
      count: 2,
    });
    expect(checkTimeOrder([at(101)], 100).outcome).toBe("pass");
    expect(checkTimeOrder([at(NaN)], 100).outcome).toBe("fail");
  });

  test("fail for an event in both parts, and let events without id be", () => {
    const anonymous = { userId: "u", itemId: "a", ts: 5 };
    const train = new Set(["e1", "e2"]);
    expect(checkSharedEvents([at(2), at(3), anonymous], train)).toMatchObject({
      outcome: "fail",
      count: 1,
    });
    expect(checkSharedEvents([at(3), anonymous], train).outcome).toBe("pass");
  });

  test("fail for a list that repeats what its user had", () => {
    const seen = (user: string) => new Set(user === "u" ? ["a"] : []);
    const lists = new Map([
      ["u", ["a", "b"]],
      ["v", ["a"]],
    ]);
    expect(checkOnlyNewItems(lists, seen)).toMatchObject({
      outcome: "fail",
      count: 1,
    });
  });

  test("warn about wanted items that no list could hold", () => {
    expect(checkKnownItems([at(1)], new Set(["b"])).outcome).toBe("warn");
    expect(checkKnownItems([at(1)], new Set(["a"])).outcome).toBe("pass");
  });
});
