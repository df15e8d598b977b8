import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ApiError,
  canonicalJson,
  CONFIG_SECTIONS,
  configSection,
  DEFAULT_CONFIG,
  RuleSet,
  validator,
  versionName,
  type ConfigDocument,
  type ConfigSection,
} from "@recsys/contracts";
import { liveDocument } from "@recsys/pipelines";
import { requireGoodConfig, requireGoodRules } from "@recsys/service";
import type { TenantTx } from "@recsys/store";

export const SECTIONS = Object.keys(CONFIG_SECTIONS) as ConfigSection[];

/** What people decide in one namespace, and the versions that it was read at. */
export interface Settled {
  readonly config: ConfigDocument;
  readonly rules: RuleSet;
  readonly versions: Versions;
}

/** Null: the default that nobody has changed. */
export interface Versions {
  readonly config: string | null;
  readonly rules: string | null;
}

export async function readLive(
  tx: TenantTx,
  namespace: string,
): Promise<Settled> {
  const config = await liveDocument(tx, namespace, "config");
  const rules = await liveDocument(tx, namespace, "rules");
  return {
    config: config?.content ?? DEFAULT_CONFIG,
    rules: rules?.content ?? { rules: [] },
    versions: {
      config: config && versionName(config.state),
      rules: rules && versionName(rules.state),
    },
  };
}

/** Throws INVALID_REQUEST with everything that is wrong. */
export function requireGood(
  { config, rules }: Pick<Settled, "config" | "rules">,
  namespace: string,
): void {
  for (const section of SECTIONS) {
    requireGoodConfig(config, { namespace, section });
  }
  const errors = validator(RuleSet)(rules).map((error) => ({
    ...error,
    path: `/rules${error.path}`,
  }));
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
  requireGoodRules(rules, config);
}

/** Profiles that a new folder starts with; each is a part that is laid over the files of the folder. */
const PROFILES = {
  dev: {
    ingest: { unknown_surface: "default" },
    decision_log: { sample_share: 1 },
  },
  pilot: { decision_log: { sample_share: 0.1 } },
  production: {
    ingest: { unknown_surface: "reject" },
    decision_log: { sample_share: 0.01 },
  },
} as const;

const VERSIONS_FILE = "versions.json";

/** Writes one file a section, one for the rules, and the versions that they are of. Profiles that exist stay. */
export function writeFolder(folder: string, settled: Settled): void {
  mkdirSync(join(folder, "profiles"), { recursive: true });
  for (const section of SECTIONS) {
    const content = configSection(settled.config, section);
    write(join(folder, `${section}.json`), content);
  }
  write(join(folder, "rules.json"), settled.rules);
  write(join(folder, VERSIONS_FILE), settled.versions);
  for (const [name, profile] of Object.entries(PROFILES)) {
    const path = join(folder, "profiles", `${name}.json`);
    if (!existsSync(path)) write(path, profile);
  }
}

export function writeVersions(folder: string, versions: Versions): void {
  write(join(folder, VERSIONS_FILE), versions);
}

function write(path: string, content: unknown): void {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** The files of a folder, with a profile laid over them. A section without a file is as it is by default. */
export function readFolder(
  folder: string,
  profile: string | undefined,
): Settled {
  const sections = SECTIONS.flatMap((section) => {
    const path = join(folder, `${section}.json`);
    return existsSync(path) ? [[section, readJson(path)] as const] : [];
  });
  if (sections.length === 0) {
    throw new ApiError("INVALID_REQUEST", {
      detail: `${folder} has no configuration; recsys config get ${folder} writes it.`,
      fix: null,
    });
  }
  const rulesPath = join(folder, "rules.json");
  const versionsPath = join(folder, VERSIONS_FILE);
  const plain: unknown = {
    ...DEFAULT_CONFIG,
    ...Object.fromEntries(sections),
  };
  const config =
    profile === undefined ? plain : over(plain, profileOf(folder, profile));
  return {
    config: config as ConfigDocument,
    rules: (existsSync(rulesPath)
      ? readJson(rulesPath)
      : { rules: [] }) as RuleSet,
    versions: (existsSync(versionsPath)
      ? readJson(versionsPath)
      : { config: null, rules: null }) as Versions,
  };
}

function profileOf(folder: string, name: string): unknown {
  const path = join(folder, "profiles", `${name}.json`);
  if (existsSync(path)) return readJson(path);
  throw new ApiError("INVALID_REQUEST", {
    detail: `There is no profile ${name}: ${path} does not exist.`,
    fix: null,
  });
}

function readJson(path: string): unknown {
  const text = readFileSync(path, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError("MALFORMED_JSON", {
      detail: `${path} is not valid JSON.`,
      cause,
    });
  }
}

/** JSON merge patch (RFC 7396): objects are merged, null takes out, all else replaces. */
export function over(base: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = over(merged[key], value);
  }
  return merged;
}

/** One place where two documents differ. */
export interface Difference {
  /** JSON pointer. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every place at which two documents differ, sorted by path; lists are compared whole, but those of things with ids or names by these. */
export function differences(
  before: unknown,
  after: unknown,
  path = "",
): Difference[] {
  if (before === undefined && after === undefined) return [];
  const isSame =
    before !== undefined &&
    after !== undefined &&
    canonicalJson(before) === canonicalJson(after);
  if (isSame) return [];
  const [a, b] = [keyedList(before), keyedList(after)];
  if (!isObject(a) || !isObject(b)) return [{ path, before, after }];
  const inner = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .sort()
    .flatMap((key) => differences(a[key], b[key], `${path}/${key}`));
  if (inner.length > 0 || !Array.isArray(before)) return inner;
  // The same members in another order.
  return [{ path, before: Object.keys(a), after: Object.keys(b) }];
}

function keyedList(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) {
    return Array.isArray(value) ? {} : value;
  }
  const entries = (value as readonly unknown[]).map((each) =>
    isObject(each) ? [each["id"] ?? each["name"], each] : [undefined, each],
  );
  const hasKeys = entries.every(([key]) => typeof key === "string");
  return hasKeys ? (Object.fromEntries(entries) as object) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
