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
  type CaseOutcome,
  type Expressions,
} from "@recsys/ranking";
import { momentErrors, toMoment } from "../ingest/moment.ts";

/** Throws INVALID_REQUEST with everything that is wrong with a rule set. */
export function requireGoodRules(set: RuleSet, config: ConfigDocument): void {
  const errors = ruleErrors(set, config);
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
}

/** What the schema of a rule set cannot say: repeated ids, unused parts, unknown surfaces, segments, campaigns and lists, times that never come, expressions that do not fit. */
export function ruleErrors(set: RuleSet, config: ConfigDocument): FieldError[] {
  const expressions = createExpressions(config.schema);
  const { rules, campaigns = [], lists = [], overrides = [], cases = [] } = set;
  return [
    ...each("rules", rules, (rule) => [
      ...unusedErrors(rule),
      ...scopeErrors(rule, config),
      ...spanErrors(rule, ["valid_from", "valid_until"]),
      ...textErrors(rule, expressions),
      ...partErrors(rule, set),
    ]),
    ...each("campaigns", campaigns, (campaign) =>
      spanErrors(campaign, ["valid_from", "valid_until"]),
    ),
    ...each("lists", lists, (list) => momentErrors(list, ["expires_at"])),
    ...each("overrides", overrides, (override) => [
      ...scopeErrors(override, config),
      ...spanErrors(override, ["created_at", "expires_at"]),
    ]),
    ...each("cases", cases, (one) => [
      ...scopeErrors(one.request, config).map(below("/request")),
      ...momentErrors(one.request, ["now"]).map(below("/request")),
      ...coverErrors(one.covers, set),
    ]),
    ...repeated("rules", [...rules, ...overrides]),
    ...repeated("campaigns", campaigns),
    ...repeated("lists", lists),
    ...repeated(
      "cases",
      cases.map(({ name }) => ({ id: name })),
    ),
  ];
}

function each<T>(
  part: string,
  members: readonly T[],
  errorsOf: (member: T) => readonly FieldError[],
): FieldError[] {
  return members.flatMap((member, i) =>
    errorsOf(member).map(below(`/${part}/${i}`)),
  );
}

function below(path: string): (error: FieldError) => FieldError {
  return (error) => ({ ...error, path: `${path}${error.path}` });
}

function repeated(
  part: string,
  members: readonly { readonly id: string }[],
): FieldError[] {
  const seen = new Set<string>();
  return members.flatMap(({ id }, i) => {
    const isRepeated = seen.has(id);
    seen.add(id);
    if (!isRepeated) return [];
    const message = `there is another ${id}`;
    return [{ path: `/${part}/${i}/id`, code: "repeated", message }];
  });
}

/** Campaigns and lists that a rule names. */
function partErrors(
  { campaign, target }: Rule,
  { campaigns = [], lists = [] }: RuleSet,
): FieldError[] {
  const errors: FieldError[] = [];
  if (campaign !== undefined && !campaigns.some(({ id }) => id === campaign)) {
    errors.push({
      path: "/campaign",
      code: "unknown_campaign",
      message: `there is no campaign ${campaign}`,
    });
  }
  if (
    target.list !== undefined &&
    !lists.some(({ id }) => id === target.list)
  ) {
    errors.push({
      path: "/target/list",
      code: "unknown_list",
      message: `there is no editorial list ${target.list}`,
    });
  }
  return errors;
}

function coverErrors(covers: readonly string[], set: RuleSet): FieldError[] {
  return covers.flatMap((id, i) =>
    set.rules.some((rule) => rule.id === id)
      ? []
      : [
          {
            path: `/covers/${i}`,
            code: "unknown_rule",
            message: `there is no rule ${id}`,
          },
        ],
  );
}

/**
 * What keeps a rule set from going live: test cases that fail, and enabled
 * rules of severity `critical` that no case covers.
 */
export function caseErrors(
  { rules, cases = [] }: RuleSet,
  outcomes: readonly CaseOutcome[],
): FieldError[] {
  const covered = new Set(cases.flatMap(({ covers }) => covers));
  return [
    ...outcomes.flatMap(({ passed, problems }, i) =>
      passed
        ? []
        : [
            {
              path: `/cases/${i}`,
              code: "case_failed",
              message: problems.join("; "),
            },
          ],
    ),
    ...rules.flatMap((rule, i) =>
      rule.severity === "critical" && rule.enabled && !covered.has(rule.id)
        ? [
            {
              path: `/rules/${i}`,
              code: "case_missing",
              message: `${rule.id} is critical, so a test case must cover it`,
            },
          ]
        : [],
    ),
  ];
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

function scopeErrors(
  {
    surface,
    segment,
  }: { readonly surface?: string; readonly segment?: string },
  config: ConfigDocument,
): FieldError[] {
  const errors: FieldError[] = [];
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

/** Two moments of which the second must be after the first. */
function spanErrors<K extends string>(
  thing: Readonly<Partial<Record<K, string>>>,
  [first, second]: readonly [K, K],
): FieldError[] {
  const errors = momentErrors(thing, [first, second]);
  const from = thing[first];
  const until = thing[second];
  const isEmpty =
    from !== undefined &&
    until !== undefined &&
    toMoment(from) >= toMoment(until);
  if (errors.length === 0 && isEmpty) {
    errors.push({
      path: `/${second}`,
      code: "range",
      message: `must be after ${first}`,
    });
  }
  return errors;
}
