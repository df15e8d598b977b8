import type {
  Campaign,
  EditorialList,
  ManualOverride,
  Rule,
  RuleSet,
} from "@recsys/contracts";

/** A rule with what its campaign and its list say of it. */
export interface PlannedRule {
  readonly rule: Rule;
  /** Unix milliseconds; from the first to before the second. */
  readonly from: number;
  readonly until: number;
  readonly isEnabled: boolean;
  /** Ids that the target names, by itself or by a list, in order; null where it names none. */
  readonly ids: readonly string[] | null;
}

/** Above every rule. */
const OVERRIDE_PRIORITY = 1001;

/** Everything that may act on lists, by precedence: overrides, newest first; then rules, higher priority first, then in order of creation. */
export function planRules(set: RuleSet): PlannedRule[] {
  const campaigns = byId(set.campaigns ?? []);
  const lists = byId(set.lists ?? []);
  const overrides = (set.overrides ?? [])
    .map(ruleOfOverride)
    .sort((a, b) => timeOf(b.valid_from, 0) - timeOf(a.valid_from, 0));
  return [...overrides, ...set.rules]
    .map((rule, created) => ({ rule, created }))
    .sort((a, b) => b.rule.priority - a.rule.priority || a.created - b.created)
    .map(({ rule }) => plan(rule, campaigns, lists));
}

function ruleOfOverride(override: ManualOverride): Rule {
  const { id, action, item_id, amount, surface } = override;
  return {
    id,
    action: action === "boost" ? "BOOST" : "BLOCK",
    target: { item_ids: [item_id] },
    priority: OVERRIDE_PRIORITY,
    ...(amount === undefined ? {} : { amount }),
    ...(surface === undefined ? {} : { surface }),
    valid_from: override.created_at,
    valid_until: override.expires_at,
    enabled: true,
    owner: override.author,
    reason: override.reason,
  };
}

function plan(
  rule: Rule,
  campaigns: ReadonlyMap<string, Campaign>,
  lists: ReadonlyMap<string, EditorialList>,
): PlannedRule {
  const { target } = rule;
  const campaign =
    rule.campaign === undefined ? undefined : campaigns.get(rule.campaign);
  const list = target.list === undefined ? undefined : lists.get(target.list);
  const isComplete =
    (rule.campaign === undefined || campaign !== undefined) &&
    (target.list === undefined || list !== undefined);
  return {
    rule,
    isEnabled: rule.enabled && (campaign?.enabled ?? true) && isComplete,
    from: Math.max(
      timeOf(rule.valid_from, -Infinity),
      timeOf(campaign?.valid_from, -Infinity),
    ),
    until: Math.min(
      timeOf(rule.valid_until, Infinity),
      timeOf(campaign?.valid_until, Infinity),
      timeOf(list?.expires_at, Infinity),
    ),
    ids: idsOf(target.item_ids, list?.item_ids),
  };
}

/** Both given: those on both, in the order of the list. */
function idsOf(
  named: readonly string[] | undefined,
  listed: readonly string[] | undefined,
): readonly string[] | null {
  if (named === undefined || listed === undefined) {
    return named ?? listed ?? null;
  }
  const wanted = new Set(named);
  return listed.filter((id) => wanted.has(id));
}

function timeOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Date.parse(text);
}

function byId<T extends { readonly id: string }>(
  things: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(things.map((each) => [each.id, each]));
}
