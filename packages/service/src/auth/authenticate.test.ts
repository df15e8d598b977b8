import { ApiError, type ErrorCode } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  authenticate,
  requirePermission,
  type AuthOptions,
} from "./authenticate.ts";
import { KeyCache, type KeyFacts } from "./key-cache.ts";

const facts: KeyFacts = {
  tenant: "acme",
  role: "viewer",
  name: "shop",
  expiresAt: null,
};

function options(members: Partial<AuthOptions> = {}): AuthOptions {
  return {
    findKey: (key) => (key === "good" ? facts : null),
    apiKeyEnabled: true,
    devAuthEnabled: false,
    tenantHeader: "x-org-id",
    ...members,
  };
}

function codeOf(work: () => unknown): ErrorCode | "none" {
  try {
    work();
    return "none";
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

describe("authenticate", () => {
  it("takes a key from either header", () => {
    for (const headers of [
      { authorization: "Bearer good" },
      { "x-api-key": "good" },
      { authorization: "bearer good", "x-api-key": "good" },
    ]) {
      expect(authenticate(headers, options())).toMatchObject({
        tenant: "acme",
        role: "viewer",
        principal: { id: "key:shop", kind: "service" },
      });
    }
  });

  it.each([
    [{}, "UNAUTHENTICATED"],
    [{ authorization: "Basic good" }, "UNAUTHENTICATED"],
    [{ authorization: "Bearer bad" }, "UNAUTHENTICATED"],
    [{ authorization: "Bearer good", "x-api-key": "x" }, "UNAUTHENTICATED"],
    [{ "x-org-id": "acme" }, "UNAUTHENTICATED"],
    [{ "x-api-key": "good", "x-org-id": "other" }, "TENANT_MISMATCH"],
    [{ "x-api-key": "good", "x-org-id": "acme" }, "none"],
  ])("answers %j with %s", (headers, code) => {
    expect(codeOf(() => authenticate(headers, options()))).toBe(code);
  });

  it("accepts the header alone only in development and only under a loopback name", () => {
    const development = options({ devAuthEnabled: true });
    const headers = { "x-org-id": "demo", host: "127.0.0.1:8000" };
    expect(authenticate(headers, development)).toMatchObject({
      tenant: "demo",
      role: "admin",
      principal: { id: "dev", kind: "human" },
    });
    const rebound = { "x-org-id": "demo", host: "evil.example:8000" };
    expect(codeOf(() => authenticate(rebound, development))).toBe(
      "UNAUTHENTICATED",
    );
  });
});

describe("requirePermission", () => {
  it("names the permission that is missing", () => {
    const caller = {
      tenant: "acme",
      role: "viewer" as const,
      principal: { id: "key:shop", kind: "service" as const },
    };
    expect(
      codeOf(() => {
        requirePermission(caller, "recommend:read");
      }),
    ).toBe("none");
    expect(() => {
      requirePermission(caller, "config:write");
    }).toThrow(/config:write/);
  });
});

describe("KeyCache", () => {
  function cache(find: () => Promise<KeyFacts | null>) {
    let now = 0;
    const keys = new KeyCache({
      secret: "s".repeat(32),
      find,
      clock: () => now,
      ttlMs: 2000,
    });
    return { keys, pass: (ms: number) => (now += ms) };
  }

  it("asks once for a key and answers at once afterwards", async () => {
    let asked = 0;
    const { keys } = cache(() => {
      asked++;
      return Promise.resolve(facts);
    });
    await Promise.all([keys.find("k"), keys.find("k")]);
    expect(keys.find("k")).toEqual(facts);
    expect(asked).toBe(1);
  });

  it("asks again after the tenant's keys changed", async () => {
    let answer: KeyFacts | null = facts;
    const { keys } = cache(() => Promise.resolve(answer));
    await keys.find("k");
    answer = null;
    keys.forget("other");
    expect(await keys.find("k")).toEqual(facts);
    keys.forget("acme");
    expect(await keys.find("k")).toBeNull();
  });

  it("goes on with a known key while the database is away, but not past its expiry", async () => {
    let isAway = false;
    const expiring = { ...facts, expiresAt: 100_000 };
    const { keys, pass } = cache(() =>
      isAway ? Promise.reject(new Error("away")) : Promise.resolve(expiring),
    );
    await keys.find("k");
    isAway = true;
    pass(70_000);
    expect(await keys.find("k")).toEqual(expiring);
    await expect(Promise.resolve(keys.find("unknown"))).rejects.toThrow("away");
    pass(40_000);
    expect(await keys.find("k")).toBeNull();
  });

  it("keeps good keys and asks little, however many unknown ones come", async () => {
    const waiting: (() => void)[] = [];
    let isSlow = false;
    let asked = 0;
    const { keys } = cache(() => {
      asked++;
      if (!isSlow) return Promise.resolve(asked === 1 ? facts : null);
      return new Promise((resolve) => {
        waiting.push(() => {
          resolve(null);
        });
      });
    });
    await keys.find("good");
    for (let i = 0; i < 30_000; i++) await keys.find(`bad-${i}`);
    expect(keys.find("good")).toEqual(facts);
    expect(keys.known("acme")).toHaveLength(1);
    isSlow = true;
    asked = 0;
    const answers = Array.from({ length: 1000 }, (_, i) =>
      Promise.resolve(keys.find(`slow-${i}`)).then(
        () => "answered",
        (error: unknown) => (error as ApiError).code,
      ),
    );
    // A key that was good is asked for beside them.
    expect(keys.find("good")).toEqual(facts);
    while (waiting.length > 0) {
      expect(waiting.length).toBeLessThanOrEqual(4);
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    const codes = await Promise.all(answers);
    expect(codes.filter((code) => code === "answered")).toHaveLength(104);
    expect(codes.filter((code) => code === "TOO_MANY_REQUESTS")).toHaveLength(
      896,
    );
    expect(asked).toBe(104);
  });
});
