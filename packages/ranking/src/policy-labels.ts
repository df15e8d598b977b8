import type {
  AttributeValue,
  ConfigDocument,
  FieldError,
  Item,
  PolicyLabel,
  RuleSet,
} from "@recsys/contracts";

/** Whom and where a list is for, as far as the policy asks. */
export interface Audience {
  readonly surface: string;
  readonly traits: Readonly<Record<string, AttributeValue>>;
}

/** The label thresholds of one audience, by label. */
export type Thresholds = ReadonlyMap<string, number>;

/**
 * The threshold of each label for an audience: the strictest of what its
 * surface and its age group say, else the default. Whose age group is not
 * known is met with the strictest of all.
 */
export function thresholdsFor(
  { policy_labels: policy }: Pick<ConfigDocument, "policy_labels">,
  audience: Audience,
): Thresholds {
  const trait = policy?.age_trait;
  const age = trait === undefined ? undefined : audience.traits[trait];
  return new Map(
    Object.entries(policy?.labels ?? {}).map(([name, label]) => [
      name,
      thresholdOf(label, { surface: audience.surface, age }),
    ]),
  );
}

function thresholdOf(
  { threshold, surfaces = {}, age_groups = {} }: PolicyLabel,
  audience: {
    readonly surface: string;
    readonly age: AttributeValue | undefined;
  },
): number {
  const own = (values: Readonly<Record<string, number>>, key: unknown) =>
    typeof key === "string" && Object.hasOwn(values, key)
      ? values[key]
      : undefined;
  const ofSurface = own(surfaces, audience.surface);
  const ofAge = own(age_groups, audience.age);
  const groups = Object.values(age_groups);
  if (groups.length > 0 && ofAge === undefined) {
    return Math.min(ofSurface ?? threshold, threshold, ...groups);
  }
  if (ofSurface === undefined) return ofAge ?? threshold;
  return Math.min(ofSurface, ofAge ?? ofSurface);
}

/** Labels that moderators upheld, by item id; made once per version of the rules. */
export type DecidedLabels = ReadonlyMap<string, readonly ActiveLabel[]>;

interface ActiveLabel {
  readonly label: string;
  /** Unix milliseconds; from the first to before the second. */
  readonly from: number;
  readonly until: number;
}

export function indexDecided({
  labels = [],
}: Pick<RuleSet, "labels">): DecidedLabels {
  const index = new Map<string, ActiveLabel[]>();
  for (const { item_id, label, decided_at, expires_at } of labels) {
    const found = index.get(item_id) ?? [];
    found.push({
      label,
      from: Date.parse(decided_at),
      until: Date.parse(expires_at),
    });
    index.set(item_id, found);
  }
  return index;
}

/** The first label of the taxonomy that keeps an item from an audience; null where none does. */
export function brokenLabel(
  item: Pick<Item, "item_id" | "labels">,
  facts: {
    readonly thresholds: Thresholds;
    readonly decided: DecidedLabels;
    readonly now: number;
  },
): string | null {
  const decided = facts.decided.get(item.item_id) ?? [];
  for (const [label, threshold] of facts.thresholds) {
    const score = item.labels?.[label] ?? 0;
    if (score >= threshold) return label;
    const isDecided = decided.some(
      (each) =>
        each.label === label &&
        each.from <= facts.now &&
        facts.now < each.until,
    );
    if (isDecided) return label;
  }
  return null;
}

/** What of the section `policy_labels` does not fit the rest of the configuration. */
export function policyLabelErrors(config: ConfigDocument): FieldError[] {
  const { policy_labels: policy } = config;
  if (policy === undefined) return [];
  const errors: FieldError[] = [];
  const { age_trait: trait } = policy;
  const type =
    trait === undefined || !Object.hasOwn(config.schema.traits, trait)
      ? undefined
      : config.schema.traits[trait]?.type;
  if (trait !== undefined && type !== "string") {
    errors.push({
      path: "/policy_labels/age_trait",
      code: "unknown_trait",
      message: `there is no trait ${trait} of type string in the schema`,
    });
  }
  for (const [name, label] of Object.entries(policy.labels)) {
    const path = `/policy_labels/labels/${name}`;
    if (label.age_groups !== undefined && trait === undefined) {
      errors.push({
        path: `${path}/age_groups`,
        code: "required",
        message: "needs age_trait: the trait that holds the age group",
      });
    }
    for (const surface of Object.keys(label.surfaces ?? {})) {
      if (Object.hasOwn(config.surfaces, surface)) continue;
      errors.push({
        path: `${path}/surfaces/${surface}`,
        code: "unknown_surface",
        message: `there is no surface ${surface}`,
      });
    }
  }
  return errors;
}
