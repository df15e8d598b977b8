import { expect, test } from "vitest";
import { messageOf, toError } from "./thrown.ts";

test("an error keeps its identity and says its message", () => {
  const error = new TypeError("no such column");
  expect(toError(error)).toBe(error);
  expect(messageOf(error)).toBe("no such column");
});

test("what is no error is said as text", () => {
  expect(messageOf("gone")).toBe("gone");
  expect(messageOf(undefined)).toBe("undefined");
  expect(toError(404)).toEqual(new Error("404"));
});
