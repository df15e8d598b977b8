import {
  ApiError,
  type ConfigDocument,
  type ConfigSection,
  type FieldError,
  type Rule,
  type RuleSet,
} from "@recsys/contracts";
import {
  createExpressions,
  expressionErrors,
  type Expressions,
} from "@recsys/ranking";
import { momentErrors, toMoment } from "../ingest/moment.ts";

/** What the schema of a rule set cannot say: repeated ids, unused parts, unknown surfaces and segments, times that never come. */
export function ruleErrors(set: RuleSet, config: ConfigDocument): FieldError[] {
  const seen = new Set<string>();
  const expressions = createExpressions(config.schema);
  return set.rules.flatMap((rule, i) => {
    const errors = [
      ...unusedErrors(rule),
      ...scopeErrors(rule, config),
      ...timeErrors(rule),
      ...textErrors(rule, expressions),
    ];
    if (seen.has(rule.id)) {
      errors.push({
        path: "/id",
        code: "repeated",
        message: `there is another rule ${rule.id}`,
      });
    }
    seen.add(rule.id);
    return errors.map((error) => ({
      ...error,
      path: `/rules/${i}${error.path}`,
    }));
  });
}

/** Throws INVALID_REQUEST when a configuration takes away what rules in use name: a surface, a segment, a field of the schema. */
export function requireRulesFit(
  set: RuleSet,
  {
    before,
    after,
    section,
  }: {
    readonly before: ConfigDocument;
    readonly after: ConfigDocument;
    readonly section: ConfigSection;
  },
): void {
  const known = new Set(ruleErrors(set, before).map(({ path }) => path));
  const errors = ruleErrors(set, after)
    .filter(({ path }) => !known.has(path))
    .map(({ path, message }) => ({
      path: `/${section}`,
      code: "in_use",
      message: `${idAt(set, path)} needs what this takes away: ${message}`,
    }));
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
}

function idAt({ rules }: RuleSet, path: string): string {
  const number = Number(/^\/rules\/(\d+)/.exec(path)?.[1]);
  return `rule ${rules[number]?.id ?? number}`;
}

/** A part that the action does not read would be ignored without a word. */
function unusedErrors(rule: Rule): FieldError[] {
  const reads = {
    position: rule.action === "PIN",
    amount: rule.action === "BOOST" || rule.action === "BURY",
  };
  return (["position", "amount"] as const).flatMap((part) =>
    rule[part] === undefined || reads[part]
      ? []
      : [
          {
            path: `/${part}`,
            code: "unused",
            message: `has no meaning for ${rule.action}`,
          },
        ],
  );
}

function scopeErrors(rule: Rule, config: ConfigDocument): FieldError[] {
  const errors: FieldError[] = [];
  const { surface, segment } = rule;
  if (surface !== undefined && !Object.hasOwn(config.surfaces, surface)) {
    errors.push({
      path: "/surface",
      code: "unknown_surface",
      message: `there is no surface ${surface}`,
    });
  }
  if (
    segment !== undefined &&
    !config.segments.some(({ name }) => name === segment)
  ) {
    errors.push({
      path: "/segment",
      code: "unknown_segment",
      message: `there is no segment ${segment}`,
    });
  }
  return errors;
}

/** Expressions that do not fit the schema of the catalogue. */
function textErrors(
  { target, amount }: Rule,
  expressions: Expressions,
): FieldError[] {
  const errors: FieldError[] = [];
  if (target.where !== undefined) {
    const filter = { text: target.where, path: "/target/where" };
    errors.push(...expressionErrors(expressions, { ...filter, use: "filter" }));
  }
  if (typeof amount === "string") {
    const given = { text: amount, path: "/amount" };
    errors.push(...expressionErrors(expressions, { ...given, use: "amount" }));
  }
  return errors;
}

function timeErrors(rule: Rule): FieldError[] {
  const errors = momentErrors(rule, ["valid_from", "valid_until"]);
  const { valid_from: from, valid_until: until } = rule;
  const isEmpty =
    from !== undefined &&
    until !== undefined &&
    toMoment(from) >= toMoment(until);
  if (errors.length === 0 && isEmpty) {
    errors.push({
      path: "/valid_until",
      code: "range",
      message: "must be after valid_from",
    });
  }
  return errors;
}
