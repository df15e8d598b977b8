import {
  ApiError,
  ConfigDocument,
  TENANT_LAYER,
  validator,
  type ConfigSection,
  type FieldError,
  type SegmentRule,
} from "@recsys/contracts";
import {
  checkKnobs,
  createExpressions,
  expressionErrors,
  policyErrors,
  policyLabelErrors,
  reasonTextErrors,
  type Expressions,
} from "@recsys/ranking";
import { banditErrors } from "./bandit-errors.ts";

const checkShape = validator(ConfigDocument);

/** Throws INVALID_REQUEST with everything that is wrong with a whole configuration; paths start with the section. */
export function requireGoodConfig(
  config: ConfigDocument,
  facts: { readonly namespace: string; readonly section: ConfigSection },
): void {
  if (facts.namespace === TENANT_LAYER && facts.section !== "knobs") {
    throw new ApiError("INVALID_REQUEST", {
      detail:
        "The tenant layer has knobs only; other sections belong to a namespace.",
    });
  }
  const shape = checkShape(config);
  const errors = shape.length > 0 ? shape : meaningErrors(config);
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
}

function meaningErrors(config: ConfigDocument): FieldError[] {
  return [
    ...checkKnobs(config.knobs, "/knobs"),
    ...Object.entries(config.surfaces).flatMap(([name, surface]) =>
      checkKnobs(surface.knobs, `/surfaces/${name}/knobs`),
    ),
    ...config.segments.flatMap((segment, i) =>
      checkKnobs(segment.knobs, `/segments/${i}/knobs`),
    ),
    ...policyErrors(config),
    ...policyLabelErrors(config),
    ...reasonTextErrors(config),
    ...banditErrors(config),
    ...repeatedSegments(config),
    ...allSegmentErrors(config),
    ...missingSurface(config),
    ...missingFallbacks(config),
    ...missingTypes(config),
  ];
}

function missingFallbacks({ surfaces }: ConfigDocument): FieldError[] {
  return Object.entries(surfaces).flatMap(([name, { fallback }]) =>
    fallback === undefined || Object.hasOwn(surfaces, fallback)
      ? []
      : [
          {
            path: `/surfaces/${name}/fallback`,
            code: "unknown_surface",
            message: `there is no surface ${fallback}, whose list might step in`,
          },
        ],
  );
}

function repeatedSegments(config: ConfigDocument): FieldError[] {
  const names = config.segments.map((segment) => segment.name);
  return names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [
          {
            path: `/segments/${i}/name`,
            code: "repeated",
            message: `there is another segment ${name}`,
          },
        ],
  );
}

/** Expressions of a segment rule that do not fit the schema. */
export function segmentErrors(
  rule: SegmentRule,
  about: { readonly expressions: Expressions; readonly path: string },
): FieldError[] {
  const { expressions, path } = about;
  const below = (each: SegmentRule, part: string): FieldError[] =>
    segmentErrors(each, { expressions, path: `${path}/${part}` });
  if ("all" in rule) {
    return rule.all.flatMap((each, i) => below(each, `all/${i}`));
  }
  if ("any" in rule) {
    return rule.any.flatMap((each, i) => below(each, `any/${i}`));
  }
  if ("not" in rule) return below(rule.not, "not");
  if (!("where" in rule)) return [];
  const condition = { text: rule.where, path: `${path}/where` };
  return expressionErrors(expressions, { ...condition, use: "condition" });
}

function allSegmentErrors({ segments, schema }: ConfigDocument): FieldError[] {
  const expressions = createExpressions(schema);
  return segments.flatMap(({ rule }, i) =>
    segmentErrors(rule, { expressions, path: `/segments/${i}/rule` }),
  );
}

function missingSurface(config: ConfigDocument): FieldError[] {
  const needs = config.ingest.unknown_surface === "default";
  return needs && !Object.hasOwn(config.surfaces, "default")
    ? [
        {
          path: "/ingest/unknown_surface",
          code: "unknown_surface",
          message: "needs a surface named default",
        },
      ]
    : [];
}

function missingTypes(config: ConfigDocument): FieldError[] {
  return Object.keys(config.event_types).length === 0
    ? [
        {
          path: "/event_types",
          code: "required",
          message: "at least one event type is needed",
        },
      ]
    : [];
}
