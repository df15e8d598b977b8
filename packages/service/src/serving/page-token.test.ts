import { ApiError } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { decodePageToken, encodePageToken } from "./page-token.ts";

const secret = Buffer.alloc(32, 1);
const page = { namespace: "default", surface: "home" };

describe("page tokens", () => {
  it("carry the shown items", () => {
    const token = encodePageToken(secret, { ...page, shown: ["a", "b"] });
    expect(decodePageToken(secret, token, page).shown).toEqual(["a", "b"]);
  });

  it("stay below the limit of the field for twenty pages of long ids", () => {
    const shown = Array.from({ length: 4000 }, (_, i) =>
      `${i}`.padStart(64, "x"),
    );
    expect(encodePageToken(secret, { ...page, shown }).length).toBeLessThan(
      200_000,
    );
  });

  it("are refused when changed, of another tenant, or for another page", () => {
    const token = encodePageToken(secret, { ...page, shown: ["a"] });
    const other = Buffer.alloc(32, 2);
    for (const attempt of [
      () => decodePageToken(other, token, page),
      () => decodePageToken(secret, `${token.slice(0, -2)}AA`, page),
      () => decodePageToken(secret, "short", page),
      () => decodePageToken(secret, token, { ...page, surface: "cart" }),
    ]) {
      expect(attempt).toThrow(ApiError);
    }
  });
});
