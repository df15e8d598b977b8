import type { AttributeValue, Constraints } from "@recsys/contracts";
import type { Work } from "./work.ts";

export type BrokenAttributeCap =
  "cap_brand" | "cap_category" | "cap_provider" | "cap_attribute";

/** Counts of a list so far, for one attribute. */
interface AttributeCap {
  readonly reason: BrokenAttributeCap;
  readonly limit: number;
  /** What an item counts for; empty where it has no such attribute. */
  readonly valuesOf: (position: number) => readonly Value[];
  readonly counts: Map<Value, number>;
}

type Value = string | number | boolean;

const NONE: readonly Value[] = [];

/** The most that a list may have of one value, by attribute: the stricter of the request's constraint and the knob. */
export function createAttributeCaps(work: Work): {
  readonly isOn: boolean;
  broken(position: number): BrokenAttributeCap | null;
  add(position: number): void;
} {
  const caps = [...columnCaps(work), ...schemaCaps(work)];
  return {
    isOn: caps.length > 0,
    broken(position) {
      for (const { reason, limit, valuesOf, counts } of caps) {
        for (const value of valuesOf(position)) {
          if ((counts.get(value) ?? 0) >= limit) return reason;
        }
      }
      return null;
    },
    add(position) {
      for (const { valuesOf, counts } of caps) {
        for (const value of valuesOf(position)) {
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
    },
  };
}

/** Brand, category (the whole path) and provider have columns of numbers, 0 for none. */
function columnCaps(work: Work): AttributeCap[] {
  const { knobs, request, snapshot } = work;
  const { columns } = snapshot.catalogue;
  const { max_per_attribute: most = {}, ...constraints } = request.constraints;
  const cap = (
    reason: BrokenAttributeCap,
    column: Int32Array,
    limits: readonly (number | undefined)[],
  ): AttributeCap => ({
    reason,
    limit: strictest(limits),
    valuesOf: (position) => {
      const value = column[position] ?? 0;
      return value === 0 ? NONE : [value];
    },
    counts: new Map(),
  });
  const knob = (name: string) => knobs.number(name) || Infinity;
  return [
    cap("cap_brand", columns.brand, [
      constraints.max_per_brand,
      most["brand"],
      knob("diversity.max_per_brand"),
    ]),
    cap("cap_category", columns.category, [
      constraints.max_per_category,
      most["category"],
      knob("diversity.max_per_category"),
    ]),
    cap("cap_provider", columns.provider, [
      most["provider_id"],
      knob("diversity.max_per_provider"),
    ]),
  ].filter(({ limit }) => limit < Infinity);
}

function strictest(limits: readonly (number | undefined)[]): number {
  return Math.min(...limits.map((limit) => limit ?? Infinity));
}

/** Attributes of the schema; an item counts for each text of a list. */
function schemaCaps({ request, snapshot }: Work): AttributeCap[] {
  const { items } = snapshot.catalogue;
  return attributeLimits(request.constraints).map(([key, limit]) => ({
    reason: "cap_attribute",
    limit,
    valuesOf: (position) => {
      const attributes = items[position]?.attributes ?? {};
      return Object.hasOwn(attributes, key)
        ? valuesIn(attributes[key] ?? [])
        : NONE;
    },
    counts: new Map<Value, number>(),
  }));
}

function valuesIn(value: AttributeValue): readonly Value[] {
  return Array.isArray(value) ? [...new Set(value)] : [value];
}

const PREFIX = "attributes.";

/** The limits on attributes of the schema, by key, in the order of the keys. */
export function attributeLimits(
  constraints: Constraints,
): readonly (readonly [string, number])[] {
  return Object.entries(constraints.max_per_attribute ?? {})
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, limit]) => [name.slice(PREFIX.length), limit] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
