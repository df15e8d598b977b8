import type {
  ConfigDocument,
  FieldError,
  Rule,
  RuleSet,
} from "@recsys/contracts";
import { momentErrors, toMoment } from "../ingest/moment.ts";

/** What the schema of a rule set cannot say: repeated ids, unused parts, unknown surfaces and segments, times that never come. */
export function ruleErrors(set: RuleSet, config: ConfigDocument): FieldError[] {
  const seen = new Set<string>();
  return set.rules.flatMap((rule, i) => {
    const errors = [
      ...unusedErrors(rule),
      ...scopeErrors(rule, config),
      ...timeErrors(rule),
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
