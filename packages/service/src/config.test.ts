import { describe, expect, it } from "vitest";
import { ConfigError, readConfig, SETTINGS } from "./config.ts";
import { envExample, settingsMarkdown } from "./settings-documents.ts";

const production = {
  RECSYS_ENV: "production",
  DATABASE_URL: "postgres://app@db/recsys",
  API_KEY_HASH_SECRET: "k".repeat(32),
  EXPOSURE_HASH_SALT: "s".repeat(32),
};

function mistakesOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

describe("readConfig", () => {
  it("starts a safe development system with nothing set", () => {
    const config = readConfig({});
    expect(config.environment).toBe("development");
    expect(config.host).toBe("127.0.0.1");
    expect(config.devAuthEnabled).toBe(true);
    expect(config.migrateOnStart).toBe(true);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("reports every mistake together and never shows a secret", () => {
    const mistakes = mistakesOf({
      PORT: "eighty",
      RECSYS_SAMPLE_SHARE: "2",
      LOG_LEVEL: "loud",
      API_KEY_HASH_SECRET: "too-short-secret",
    });
    expect(mistakes).toEqual([
      'PORT must be a whole number from 0 to 65535, not "eighty"',
      "API_KEY_HASH_SECRET must be at least 32 characters",
      'RECSYS_SAMPLE_SHARE must be a number from 0 to 1, not "2"',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
    ]);
  });

  it("does not turn development sign-in on where others can reach it", () => {
    expect(readConfig({ HOST: "0.0.0.0" }).devAuthEnabled).toBe(false);
    expect(
      mistakesOf({ HOST: "0.0.0.0", DEV_AUTH_ENABLED: "true" }),
    ).toHaveLength(1);
  });

  it("refuses to drop decisions that it promises to replay", () => {
    expect(mistakesOf({ RECSYS_DECISION_DAYS: "13" })).toEqual([
      "RECSYS_DECISION_DAYS has to be at least RECSYS_REPLAY_DAYS, which is 14: a decision that is gone cannot be replayed",
    ]);
    expect(mistakesOf({ RECSYS_DECISION_DAYS: "14" })).toEqual([]);
  });

  it("refuses production without its secrets", () => {
    expect(mistakesOf({ RECSYS_ENV: "production" })).toEqual([
      "API_KEY_HASH_SECRET is needed in production",
      "EXPOSURE_HASH_SALT is needed in production",
      "DATABASE_URL is needed in production",
    ]);
  });

  it("refuses production with development sign-in or stale caches", () => {
    expect(
      mistakesOf({
        ...production,
        DEV_AUTH_ENABLED: "true",
        RECSYS_RULES_CACHE_TTL: "6",
      }),
    ).toEqual([
      "DEV_AUTH_ENABLED has to be false in production",
      "RECSYS_CONFIG_CACHE_TTL and RECSYS_RULES_CACHE_TTL may be at most 5 in production",
    ]);
    expect(readConfig(production).migrateOnStart).toBe(false);
  });
});

describe("the documents of the settings", () => {
  it("tell the choices, the ranges and the forms", () => {
    const page = settingsMarkdown();
    expect(page).toContain("| development, production |");
    expect(page).toContain("| 0 to 65535, whole |");
    expect(page).toContain("| 1 to 3650 days |");
    expect(page).toContain("| true, false |");
    expect(page).toContain("| a URL that starts with postgres:// |");
  });

  it("name every setting", () => {
    for (const { name } of Object.values(SETTINGS)) {
      expect(settingsMarkdown()).toContain(`\`${name}\``);
      expect(envExample()).toContain(`# ${name}=`);
    }
  });
});
