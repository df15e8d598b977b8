import {
  ApiError,
  DEFAULT_NAMESPACE,
  deprecationsIn,
  type AttributeValue,
  type FieldError,
  type KnobValues,
  type RankRequest,
  type RecommendRequest,
  type RerankRequest,
  type SimilarRequest,
  type Surface,
  type Warning,
  Timestamp,
  validator,
} from "@recsys/contracts";
import {
  attributeLimits,
  checkKnobs,
  expressionErrors,
  weightKnobs,
  type Snapshot,
} from "@recsys/ranking";
import {
  fieldUse,
  fieldWarnings,
  type DeprecatedUse,
} from "../deprecations.ts";
import { toMoment } from "../ingest/moment.ts";
import { declaredOnly } from "./declared-keys.ts";

/** A request for a list, as one of the three routes takes it. */
export type Asked =
  | { readonly route: "recommend"; readonly body: RecommendRequest }
  | { readonly route: "similar"; readonly body: SimilarRequest }
  | { readonly route: "rerank"; readonly body: RerankRequest };

/** A request in the terms of ranking; `shown` comes later, from tokens and earlier answers. */
export interface Normalised {
  readonly request: RankRequest;
  readonly surface: Surface;
  readonly traits: Readonly<Record<string, AttributeValue>>;
  /** Unix milliseconds; null: now. */
  readonly asOf: number | null;
  readonly seed: number | null;
  readonly warnings: readonly Warning[];
  readonly deprecated: readonly DeprecatedUse[];
}

export function namespaceOf(asked: Asked): string {
  return asked.body.namespace ?? DEFAULT_NAMESPACE;
}

/** Whether the request sets anything that needs the permission recommend:override. */
export function overrides({ body }: Asked): boolean {
  return (
    body.knobs !== undefined ||
    body.weights !== undefined ||
    body.options?.seed !== undefined ||
    body.options?.as_of !== undefined ||
    body.context?.["now"] !== undefined
  );
}

/** Fills in what the request leaves out and checks what its schema cannot. Throws INVALID_REQUEST with all field errors, SURFACE_UNKNOWN or ITEM_UNKNOWN. */
export function normalise(asked: Asked, snapshot: Snapshot): Normalised {
  const { body, route } = asked;
  const warnings: Warning[] = [];
  const { name, surface } = findSurface(asked, snapshot, warnings);
  const { schema } = snapshot.config;
  const errors = [
    ...semanticErrors(asked, snapshot),
    ...checkKnobs(body.knobs ?? {}, "/knobs"),
    ...weightErrors(body.weights ?? {}),
  ];
  const { now: givenNow, ...said } = body.context ?? {};
  const context = declaredOnly(said, {
    fields: schema.context,
    path: "/context",
    noun: "context key",
  });
  const traits = declaredOnly(body.user?.traits, {
    fields: schema.traits,
    path: "/user/traits",
    noun: "trait",
  });
  errors.push(...context.errors, ...traits.errors);
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
  const fields = deprecationsIn(route, body);
  warnings.push(
    ...context.warnings,
    ...traits.warnings,
    ...fieldWarnings(fields),
  );
  const as_of = body.options?.as_of ?? givenNow;
  return {
    request: {
      route,
      surface: name,
      k: body.k ?? defaultLength(asked, surface),
      segment: body.segment ?? null,
      anchors: anchorsOf(asked, snapshot),
      include: includedBy(asked),
      exclude: body.candidates?.exclude_ids ?? [],
      shown: [],
      constraints: body.constraints ?? {},
      context: context.values,
      experimentKnobs: {},
      requestKnobs: { ...weightKnobs(body.weights ?? {}), ...body.knobs },
      whyNot: body.options?.why_not ?? [],
    },
    surface,
    traits: traits.values,
    asOf: typeof as_of === "string" ? toMoment(as_of) : null,
    seed: body.options?.seed ?? null,
    warnings,
    deprecated: [
      ...fields.map(fieldUse),
      ...context.deprecated,
      ...traits.deprecated,
    ],
  };
}

function findSurface(
  asked: Asked,
  { config }: Snapshot,
  warnings: Warning[],
): { readonly name: string; readonly surface: Surface } {
  const wanted = asked.body.surface ?? "similar";
  const surface = ownValue(config.surfaces, wanted);
  if (surface !== undefined) return { name: wanted, surface };
  const fallback = ownValue(config.surfaces, "default");
  if (config.ingest.unknown_surface === "reject" || fallback === undefined) {
    throw new ApiError("SURFACE_UNKNOWN", {
      detail: `There is no surface ${wanted}; registered are ${Object.keys(config.surfaces).join(", ")}.`,
    });
  }
  warnings.push({
    code: "SURFACE_UNKNOWN",
    detail: `There is no surface ${wanted}; the surface default was used.`,
  });
  return { name: "default", surface: fallback };
}

function ownValue<T>(
  record: Readonly<Record<string, T>>,
  key: string,
): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function defaultLength(asked: Asked, surface: Surface): number {
  return asked.route === "rerank"
    ? asked.body.item_ids.length
    : surface.default_k;
}

function anchorsOf(asked: Asked, { catalogue }: Snapshot): readonly string[] {
  switch (asked.route) {
    case "recommend":
      return asked.body.anchors?.item_ids ?? [];
    case "rerank":
      return [];
    case "similar": {
      const { item_id: id } = asked.body;
      if ((catalogue.items[catalogue.positionOf(id)] ?? null) === null) {
        throw new ApiError("ITEM_UNKNOWN", {
          detail: `The item "${id}" is not in the catalogue.`,
        });
      }
      return [id];
    }
  }
}

function includedBy(asked: Asked): readonly string[] | null {
  const included = asked.body.candidates?.include_ids;
  if (asked.route !== "rerank") return included ?? null;
  if (included === undefined) return asked.body.item_ids;
  const wanted = new Set(included);
  return asked.body.item_ids.filter((id) => wanted.has(id));
}

/** Errors that need the configuration, or two fields together. */
function semanticErrors({ body }: Asked, snapshot: Snapshot): FieldError[] {
  const errors: FieldError[] = [];
  const { segment, constraints = {} } = body;
  const { segments } = snapshot.config;
  if (segment !== undefined && !segments.some((s) => s.name === segment)) {
    errors.push({
      path: "/segment",
      code: "unknown_segment",
      message: `there is no segment ${segment}`,
    });
  }
  const { min_price = 0, max_price = Infinity } = constraints;
  if (min_price > max_price) {
    errors.push({
      path: "/constraints/max_price",
      code: "range",
      message: "must not be below min_price",
    });
  }
  for (const [key] of attributeLimits(constraints)) {
    if (Object.hasOwn(snapshot.config.schema.attributes, key)) continue;
    errors.push({
      path: `/constraints/max_per_attribute/attributes.${key}`,
      code: "undeclared",
      message: `the schema has no attribute ${key}`,
    });
  }
  if (constraints.where !== undefined) {
    errors.push(
      ...expressionErrors(snapshot.expressions, {
        text: constraints.where,
        use: "filter",
        path: "/constraints/where",
      }),
    );
  }
  return [...errors, ...momentErrorsIn(body)];
}

const checkTimestamp = validator(Timestamp);

const isMoment = (text: string): boolean =>
  checkTimestamp(text).length === 0 && !Number.isNaN(toMoment(text));

/** `context.now` means the same as `options.as_of`. */
function momentErrorsIn({ context, options }: Asked["body"]): FieldError[] {
  const now = context?.["now"];
  const as_of = options?.as_of;
  const wrong = (path: string, message: string): FieldError[] => [
    { path, code: "time", message },
  ];
  if (as_of !== undefined && Number.isNaN(toMoment(as_of))) {
    return wrong("/options/as_of", "is no moment of the calendar");
  }
  if (now === undefined) return [];
  if (typeof now !== "string" || !isMoment(now)) {
    return wrong(
      "/context/now",
      "must be a moment, such as 2026-01-31T12:00:00Z",
    );
  }
  return as_of === undefined || toMoment(as_of) === toMoment(now)
    ? []
    : wrong("/context/now", "says another time than options.as_of");
}

function weightErrors(weights: Readonly<Record<string, number>>): FieldError[] {
  return Object.entries(weights).flatMap(([source, weight]) => {
    const knobs: KnobValues = weightKnobs({ [source]: weight });
    return checkKnobs(knobs).map((error) => ({
      ...error,
      path: `/weights/${source}`,
    }));
  });
}
