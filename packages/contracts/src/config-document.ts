import Type, { type Static } from "typebox";
import { Bandit, DEFAULT_EXPLORATION, ExplorationPolicy } from "./bandit.ts";
import { DEFAULT_EVENT_TYPES, EventTypePolicy } from "./event-type.ts";
import { EntityId, SlugName } from "./ids.ts";
import { KEY_PATTERN, keyed } from "./item.ts";
import { KnobValues } from "./knobs.ts";
import { PolicyLabels } from "./moderation.ts";
import { SlatePolicies, UtilityPolicies } from "./policy.ts";
import type { SlatePolicy, UtilityPolicy } from "./policy.ts";
import { SegmentRule } from "./segment-rule.ts";

const Owner = Type.String({ minLength: 1, maxLength: 200 });

/** A placement: home, product page, cart, e-mail. */
export const Surface = Type.Object(
  {
    owner: Owner,
    objective: Type.String({ minLength: 1, maxLength: 500 }),
    primary_metric: Type.String({ minLength: 1, maxLength: 64 }),
    guardrails: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 }),
    default_k: Type.Integer({ minimum: 1, maximum: 200 }),
    latency_budget_ms: Type.Integer({ minimum: 1, maximum: 10000 }),
    /** Names of policies; the knobs of the surface itself go before theirs. */
    utility_policy: Type.Optional(SlugName),
    slate_policy: Type.Optional(SlugName),
    /** The surface whose fallback list steps in here; its own where left out. */
    fallback: Type.Optional(SlugName),
    knobs: KnobValues,
  },
  { additionalProperties: false },
);
export type Surface = Static<typeof Surface>;

const StarterWeight = Type.Number({ exclusiveMinimum: 0, maximum: 1 });
const starterWeights = Type.Optional(
  Type.Record(Type.String({ pattern: "^.{1,200}$" }), StarterWeight, {
    additionalProperties: false,
    maxProperties: 200,
  }),
);

/** What people of a segment are likely to want before they have said anything: weights above 0 up to 1 by category (any level of the path), tag, brand or item. */
export const StarterProfile = Type.Object(
  {
    categories: starterWeights,
    tags: starterWeights,
    brands: starterWeights,
    item_ids: Type.Optional(
      Type.Record(EntityId, StarterWeight, {
        additionalProperties: false,
        maxProperties: 1000,
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type StarterProfile = Static<typeof StarterProfile>;

/** A rule-defined group of users with its own profile of knobs; the first that matches applies. */
export const Segment = Type.Object(
  {
    name: SlugName,
    owner: Owner,
    rule: SegmentRule,
    knobs: KnobValues,
    starter: Type.Optional(StarterProfile),
  },
  { additionalProperties: false },
);
export interface Segment {
  readonly name: string;
  readonly owner: string;
  readonly rule: SegmentRule;
  readonly knobs: KnobValues;
  readonly starter?: StarterProfile;
}

/** One typed key of item attributes, user traits or request context. */
export const SchemaField = Type.Object(
  {
    type: Type.Union([
      Type.Literal("string"),
      Type.Literal("number"),
      Type.Literal("boolean"),
      Type.Literal("string_list"),
    ]),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    owner: Type.Optional(Owner),
    deprecated: Type.Optional(
      Type.Object(
        {
          since: Type.String({ maxLength: 32 }),
          use: Type.Optional(Type.String({ maxLength: 64 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SchemaField = Static<typeof SchemaField>;

const SchemaFields = keyed(KEY_PATTERN, SchemaField);

/** Which keys items, users and requests may carry; undeclared ones are rejected (items, users) or not logged (context). */
export const CatalogueSchema = Type.Object(
  { attributes: SchemaFields, traits: SchemaFields, context: SchemaFields },
  { additionalProperties: false },
);
export type CatalogueSchema = Static<typeof CatalogueSchema>;

/** What happens to rows that come late, early or for things unknown. */
export const IngestPolicy = Type.Object(
  {
    /** Later than this after it happened, an event is accepted and flagged `late`. */
    late_after_hours: Type.Number({ minimum: 0 }),
    /** Further in the future than this, a row is rejected. */
    future_tolerance_minutes: Type.Number({ minimum: 0, maximum: 1440 }),
    /** An unregistered surface in a request: an error, or the surface `default`. */
    unknown_surface: Type.Union([
      Type.Literal("reject"),
      Type.Literal("default"),
    ]),
  },
  { additionalProperties: false },
);
export type IngestPolicy = Static<typeof IngestPolicy>;

/** How much of each decision is logged. */
export const DecisionLogPolicy = Type.Object(
  {
    /** Share of decisions that also log removed candidates and the features of those not shown; absent: as the process is set up. */
    sample_share: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  },
  { additionalProperties: false },
);
export interface DecisionLogPolicy {
  readonly sample_share?: number;
}

/** Texts of reasons by language (BCP 47) and code; what is left out is said as built in. */
export const ReasonTexts = keyed(
  "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
  keyed(KEY_PATTERN, Type.String({ minLength: 1, maxLength: 200 })),
);
export type ReasonTexts = Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

/** The one configuration document of a tenant and namespace; If-Match is per section. */
export const ConfigDocument = Type.Object(
  {
    knobs: KnobValues,
    surfaces: Type.Record(SlugName, Surface, { additionalProperties: false }),
    segments: Type.Array(Segment, { maxItems: 200 }),
    event_types: keyed(KEY_PATTERN, EventTypePolicy),
    schema: CatalogueSchema,
    ingest: IngestPolicy,
    // Documents of the first installations have none.
    decision_log: Type.Optional(DecisionLogPolicy),
    utility_policies: Type.Optional(UtilityPolicies),
    slate_policies: Type.Optional(SlatePolicies),
    bandits: Type.Optional(Type.Array(Bandit, { maxItems: 50 })),
    exploration: Type.Optional(ExplorationPolicy),
    policy_labels: Type.Optional(PolicyLabels),
    reason_texts: Type.Optional(ReasonTexts),
  },
  { additionalProperties: false },
);
export interface ConfigDocument {
  readonly knobs: KnobValues;
  readonly surfaces: Readonly<Record<string, Surface>>;
  readonly segments: readonly Segment[];
  readonly event_types: Readonly<Record<string, EventTypePolicy>>;
  readonly schema: CatalogueSchema;
  readonly ingest: IngestPolicy;
  readonly decision_log?: DecisionLogPolicy;
  readonly utility_policies?: Readonly<Record<string, UtilityPolicy>>;
  readonly slate_policies?: Readonly<Record<string, SlatePolicy>>;
  readonly bandits?: readonly Bandit[];
  readonly exploration?: ExplorationPolicy;
  readonly policy_labels?: PolicyLabels;
  readonly reason_texts?: ReasonTexts;
}
export type ConfigSection = keyof ConfigDocument;

export const CONFIG_SECTIONS = {
  knobs: ConfigDocument.properties.knobs,
  surfaces: ConfigDocument.properties.surfaces,
  segments: ConfigDocument.properties.segments,
  event_types: ConfigDocument.properties.event_types,
  schema: ConfigDocument.properties.schema,
  ingest: ConfigDocument.properties.ingest,
  decision_log: ConfigDocument.properties.decision_log,
  utility_policies: ConfigDocument.properties.utility_policies,
  slate_policies: ConfigDocument.properties.slate_policies,
  bandits: ConfigDocument.properties.bandits,
  exploration: ConfigDocument.properties.exploration,
  policy_labels: ConfigDocument.properties.policy_labels,
  reason_texts: ConfigDocument.properties.reason_texts,
} as const;

/** What a new namespace starts with: works at once, nothing tenant-specific. */
export const DEFAULT_CONFIG: ConfigDocument = {
  knobs: {},
  surfaces: {
    default: {
      owner: "unassigned",
      objective: "Useful lists where no other surface is named.",
      primary_metric: "ndcg@10",
      guardrails: ["catalogue_coverage", "empty_rate"],
      default_k: 20,
      latency_budget_ms: 100,
      knobs: {},
    },
    home: {
      owner: "unassigned",
      objective: "Help a returning customer find the next thing to buy.",
      primary_metric: "ndcg@20",
      guardrails: ["catalogue_coverage", "empty_rate"],
      default_k: 20,
      latency_budget_ms: 100,
      knobs: {},
    },
    similar: {
      owner: "unassigned",
      objective: "Alternatives and companions of one item.",
      primary_metric: "hit@10",
      guardrails: ["catalogue_coverage", "empty_rate"],
      default_k: 12,
      latency_budget_ms: 100,
      // Item to item only: what the page shows, not who looks at it.
      knobs: {
        "item_knn.weight": 1,
        "bought_together.weight": 0.6,
        "co_visits.weight": 0.6,
        "content.weight": 0.4,
        "ials.weight": 0,
        "popularity.weight": 0,
        "trending.weight": 0,
        "eligibility.exclude_seen": "none",
      },
    },
  },
  segments: [],
  event_types: DEFAULT_EVENT_TYPES,
  schema: { attributes: {}, traits: {}, context: {} },
  ingest: {
    late_after_hours: 24,
    future_tolerance_minutes: 10,
    unknown_surface: "reject",
  },
  decision_log: {},
  utility_policies: {},
  slate_policies: {},
  bandits: [],
  exploration: DEFAULT_EXPLORATION,
  policy_labels: { labels: {} },
  reason_texts: {},
};

/** One section; what a document of an earlier release lacks is as in a new namespace. */
export function configSection(
  config: ConfigDocument,
  section: ConfigSection,
): unknown {
  return config[section] ?? DEFAULT_CONFIG[section];
}
