import { ApiError } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  decodePageToken,
  encodePageToken,
  requireSurface,
} from "./page-token.ts";

const secret = Buffer.alloc(32, 1);
const page = {
  namespace: "default",
  surface: "home",
  paged: ["a", "b"],
  others: [],
  seed: 7,
  now: 1000,
  expires: 2000,
  versions: {
    algo_version: "1",
    config_version: "3-ab",
    tenant_config_version: "0-default",
    rules_version: "1-cd",
    fallbacks_version: "0-default",
    experiments_version: "0-default",
    manifest_version: null,
    catalogue_revision: 12,
  },
};
const at = { namespace: "default", now: 1500 };

describe("page tokens", () => {
  it("carry what was shown and what it was ranked with", () => {
    const token = encodePageToken(secret, page);
    expect(decodePageToken(secret, token, at)).toEqual(page);
  });

  it("stay below the limit of the field for twenty pages of long ids", () => {
    const paged = Array.from({ length: 4000 }, (_, i) =>
      `${i}`.padStart(64, "x"),
    );
    expect(encodePageToken(secret, { ...page, paged }).length).toBeLessThan(
      200_000,
    );
  });

  it("are refused when changed, of another tenant, for another page, or too old", () => {
    const token = encodePageToken(secret, page);
    const other = Buffer.alloc(32, 2);
    for (const attempt of [
      () => decodePageToken(other, token, at),
      () => decodePageToken(secret, `${token.slice(0, -2)}AA`, at),
      () => decodePageToken(secret, "short", at),
      () => decodePageToken(secret, token, { ...at, namespace: "other" }),
      () => decodePageToken(secret, token, { ...at, now: 2000 }),
      () => {
        requireSurface(page, "cart");
      },
    ]) {
      expect(attempt).toThrow(ApiError);
    }
  });
});
