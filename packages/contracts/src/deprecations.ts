/** A field of requests that will be gone. */
export interface Deprecation {
  /** Where it stands in the body, its levels joined by dots. */
  readonly field: string;
  /** Names of the routes that take it. */
  readonly routes: readonly string[];
  /** Day from which on it is deprecated, and day from which on it may be gone. */
  readonly since: string;
  readonly sunset: string;
  /** What to send instead. */
  readonly use: string;
}

const LISTS = ["recommend", "validateRequest", "similar", "rerank"] as const;

/** Every deprecated field. It works until its sunset; uses are counted, answered with headers and a warning. */
export const DEPRECATIONS: readonly Deprecation[] = [
  {
    field: "constraints.max_per_brand",
    routes: LISTS,
    since: "2026-11-01",
    sunset: "2027-11-01",
    use: "constraints.max_per_attribute.brand",
  },
  {
    field: "constraints.max_per_category",
    routes: LISTS,
    since: "2026-11-01",
    sunset: "2027-11-01",
    use: "constraints.max_per_attribute.category",
  },
];

/** Marks a field in its schema, so that OpenAPI shows it; throws for one that is not in the list. */
export function deprecatedField(field: string): {
  readonly deprecated: true;
  readonly description: string;
} {
  const found = DEPRECATIONS.find((each) => each.field === field);
  if (found === undefined) throw new Error(`${field} is not deprecated`);
  return {
    deprecated: true,
    description: `Deprecated since ${found.since}, may be gone from ${found.sunset}: use ${found.use}.`,
  };
}

/** The deprecated fields that a body of this route has. */
export function deprecationsIn(
  route: string,
  body: unknown,
): readonly Deprecation[] {
  return DEPRECATIONS.filter(
    ({ routes, field }) => routes.includes(route) && has(body, field),
  );
}

function has(body: unknown, field: string): boolean {
  let value = body;
  for (const key of field.split(".")) {
    if (typeof value !== "object" || value === null) return false;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value !== undefined;
}
