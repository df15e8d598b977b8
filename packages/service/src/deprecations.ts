import {
  DEPRECATIONS,
  messageOf,
  type Deprecation,
  type SchemaField,
  type Warning,
} from "@recsys/contracts";
import { countDeprecatedUses, type Store } from "@recsys/store";
import type { Logger } from "pino";
import type { Metrics } from "./metrics.ts";

/** Something deprecated that a request used: a field of ours, or a key of the tenant's schema. */
export interface DeprecatedUse {
  readonly what: string;
  /** As written: a day, or for a key whatever its owner calls it. */
  readonly since: string;
  readonly sunset: string | null;
  readonly use: string | null;
}

export function fieldUse({
  field,
  since,
  sunset,
  use,
}: Deprecation): DeprecatedUse {
  return { what: field, since, sunset, use };
}

/** The use of a key, if its schema calls it deprecated. */
export function keyUse(
  group: "attributes" | "traits" | "context",
  key: string,
  field: SchemaField | undefined,
): readonly DeprecatedUse[] {
  if (field?.deprecated === undefined) return [];
  const { since, use = null } = field.deprecated;
  return [{ what: `${group}.${key}`, since, sunset: null, use }];
}

/** What a request is told of the deprecated fields in it; keys have a warning of their own. */
export function fieldWarnings(found: readonly Deprecation[]): Warning[] {
  return found.map(({ field, since, sunset, use }) => ({
    code: "FIELD_DEPRECATED",
    detail: `${field} is deprecated since ${since} and may be gone from ${sunset}; use ${use}.`,
  }));
}

/**
 * `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and links to what to do: the
 * earliest of each where several are used. A key whose `since` is no date has
 * no `Deprecation`. Undefined where nothing is deprecated.
 */
export function deprecationHeaders(
  uses: readonly DeprecatedUse[],
): Readonly<Record<string, string>> | undefined {
  if (uses.length === 0) return undefined;
  const since = earliest(uses.map((use) => use.since));
  const sunset = earliest(uses.map((use) => use.sunset ?? ""));
  return {
    ...(since === null ? {} : { deprecation: `@${Math.floor(since / 1000)}` }),
    ...(sunset === null ? {} : { sunset: new Date(sunset).toUTCString() }),
    link: `</docs/>; rel="deprecation"; type="text/html", </v1/reports/deprecations>; rel="sunset"; type="application/json"`,
  };
}

function earliest(days: readonly string[]): number | null {
  const times = days.map((day) => Date.parse(day)).filter(Number.isFinite);
  return times.length === 0 ? null : Math.min(...times);
}

interface Caller {
  readonly tenant: string;
  readonly principal: { readonly id: string };
}

/** Combinations of namespace, caller and thing that wait for the next writing; further callers count together. */
const MOST_WAITING = 2000;

const FLUSH_MS = 5000;

/** Counts uses in memory and adds them to the database every few seconds. */
export class DeprecatedUseCounts {
  readonly #parts: {
    readonly store: Store;
    readonly metrics: Metrics;
    readonly log: Logger;
  };
  /** By tenant and namespace. */
  #waiting = new Map<string, Map<string, Counts>>();
  #size = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: {
    readonly store: Store;
    readonly metrics: Metrics;
    readonly log: Logger;
  }) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  note(
    { tenant, principal }: Caller,
    namespace: string,
    uses: readonly DeprecatedUse[],
  ): void {
    const { metrics } = this.#parts;
    for (const { what } of uses) {
      metrics.deprecatedUses.inc({
        tenant: metrics.bounded("tenant", tenant),
        key: metrics.bounded("key", what),
      });
      const counts = this.#countsOf(tenant, namespace);
      const caller = this.#size < MOST_WAITING ? principal.id : "other";
      const key = JSON.stringify([caller, what]);
      if (!counts.has(key)) this.#size++;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }

  #countsOf(tenant: string, namespace: string): Map<string, number> {
    const namespaces = this.#waiting.get(tenant) ?? new Map<string, Counts>();
    const counts = namespaces.get(namespace) ?? new Map<string, number>();
    namespaces.set(namespace, counts);
    this.#waiting.set(tenant, namespaces);
    return counts;
  }

  /** Writes what waits. What cannot be written is lost with a line in the log: these are counts, not evidence. */
  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    this.#size = 0;
    for (const [tenant, namespaces] of waiting) {
      try {
        await this.#parts.store.inTenant(tenant, async (tx) => {
          for (const [namespace, counts] of namespaces) {
            await countDeprecatedUses(tx, namespace, rowsOf(counts));
          }
        });
      } catch (error) {
        const part = "deprecated_uses";
        this.#parts.log.warn({ part, tenant, reason: messageOf(error) });
      }
    }
  }
}

/** Uses by caller and thing. */
type Counts = Map<string, number>;

function rowsOf(counts: Counts) {
  return [...counts].map(([key, uses]) => {
    const [caller, what] = JSON.parse(key) as [string, string];
    return { caller, what, uses };
  });
}

/** What is known of a deprecated thing by its name in reports. */
export function describeUse(
  what: string,
  schema: {
    readonly attributes: Readonly<Record<string, SchemaField>>;
    readonly traits: Readonly<Record<string, SchemaField>>;
    readonly context: Readonly<Record<string, SchemaField>>;
  },
): DeprecatedUse | null {
  const field = DEPRECATIONS.find((each) => each.field === what);
  if (field !== undefined) return fieldUse(field);
  const [group = "", key = ""] = what.split(".");
  if (group !== "attributes" && group !== "traits" && group !== "context") {
    return null;
  }
  const fields = schema[group];
  const found = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return keyUse(group, key, found)[0] ?? null;
}
