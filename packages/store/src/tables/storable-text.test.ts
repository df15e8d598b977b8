import { describe, expect, it } from "vitest";
import { unstorableText } from "./storable-text.ts";

describe("unstorableText", () => {
  it.each([
    [{ title: "Tasse ☕ 🏺", tags: ["ä"], price: 3, url: null }, null],
    [{ title: "a\0b" }, "/title"],
    [{ attributes: { note: "half \ud800" } }, "/attributes/note"],
    [{ tags: ["ok", "\udc00"] }, "/tags/1"],
  ])("finds the place in %j", (value, path) => {
    expect(unstorableText(value)).toBe(path);
  });
});
