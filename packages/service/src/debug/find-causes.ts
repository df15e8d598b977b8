import type {
  ConfigDocument,
  DecisionRecord,
  Rule,
  RuleSet,
  WhyNot,
} from "@recsys/contracts";

/** Why a list looks as it does, as far as the records tell, and who can change that. */
export interface Cause {
  readonly cause: string;
  readonly owner: string;
}

export interface CauseFacts {
  readonly record: DecisionRecord;
  readonly config: ConfigDocument;
  readonly rules: RuleSet;
  /** Answers for the items that were asked about. */
  readonly whyNot: readonly WhyNot[];
  readonly difference: string;
  /** Who changed what in the day before the decision, newest first. */
  readonly changes: readonly {
    readonly what: string;
    readonly author: string;
    readonly hoursBefore: number;
  }[];
  /** Age of what was learned when the decision was made; null: nothing was. */
  readonly learnedHours: number | null;
  readonly fallbackOwner: string | null;
}

const OLD_HOURS = 48;
const OPERATORS = "operations";
const INTEGRATION = "integration: who sends items and requests";

/** The likely causes, the likeliest first; never empty. */
export function findCauses(facts: CauseFacts): Cause[] {
  const surface = surfaceOwner(facts);
  const found = [
    ...facts.whyNot.map((each) => causeOfAbsence(each, facts)),
    ...causesOfShortness(facts),
    ...causesOfDegradation(facts),
    ...causesInTime(facts),
    ...causesOfRules(facts),
  ];
  if (found.length > 0) return found;
  return [
    {
      cause:
        "Nothing unusual: the list is what signals and weights of the surface make of this history.",
      owner: surface,
    },
  ];
}

function surfaceOwner({ record, config }: CauseFacts): string {
  const name = record.request.surface;
  const surface = Object.hasOwn(config.surfaces, name)
    ? config.surfaces[name]
    : undefined;
  return `${surface?.owner ?? "unassigned"} (surface ${name})`;
}

/** The rule, or the override as one. */
function findRule(
  { rules, overrides = [] }: RuleSet,
  id: string,
): Pick<Rule, "owner" | "reason"> | null {
  const rule = rules.find((each) => each.id === id);
  if (rule !== undefined) return rule;
  const override = overrides.find((each) => each.id === id);
  return override === undefined
    ? null
    : { owner: override.author, reason: override.reason };
}

/** Who owns what keeps an item out, by the first part of the reason. */
function causeOfAbsence(answer: WhyNot, facts: CauseFacts): Cause {
  const { reason, text, cause = "", item_id, stage } = answer;
  const about = `${item_id}: ${text}`;
  const [code = ""] = reason.split(":");
  switch (code) {
    case "blocked": {
      const rule = findRule(facts.rules, cause);
      return {
        cause: `${about} The rule's reason: ${rule?.reason ?? "not recorded"}.`,
        owner: `${rule?.owner ?? "unknown"} (rule ${cause})`,
      };
    }
    case "policy_label": {
      const label = facts.config.policy_labels?.labels[cause];
      return {
        cause: about,
        owner: `${label?.owner ?? "unknown"} (policy label ${cause})`,
      };
    }
    case "listed":
      return { cause: about, owner: surfaceOwner(facts) };
    default: {
      const isGiven =
        stage === "catalogue" ||
        [
          "deleted",
          "unavailable",
          "not_yet_valid",
          "expired",
          "out_of_stock",
          "not_included",
          "excluded",
          "where",
        ].includes(reason);
      return {
        cause: about,
        owner: isGiven ? INTEGRATION : surfaceOwner(facts),
      };
    }
  }
}

/** What took most candidates out, where the list is shorter than asked. */
function causesOfShortness({ record, rules }: CauseFacts): Cause[] {
  if (record.slate.length >= record.request.k) return [];
  const removed = record.stages
    .flatMap(({ stage, removed: counts }) =>
      Object.entries(counts).map(([reason, count]) => ({
        stage,
        reason,
        count,
      })),
    )
    .filter(({ reason }) => reason !== "duplicate")
    .sort((a, b) => b.count - a.count);
  const [most] = removed;
  if (most === undefined) {
    return [
      {
        cause: `The list has ${record.slate.length} of ${record.request.k} items: nothing proposed more, and the catalogue has none that the request allows.`,
        owner: INTEGRATION,
      },
    ];
  }
  const blocking = rules.rules.find(({ action }) => action === "BLOCK");
  const isBlocked = most.reason === "blocked" && blocking !== undefined;
  return [
    {
      cause: `The list has ${record.slate.length} of ${record.request.k} items: the stage ${most.stage} took out ${most.count} as ${most.reason}.`,
      owner: isBlocked ? `${blocking.owner} (BLOCK rules)` : INTEGRATION,
    },
  ];
}

function causesOfDegradation({ record, fallbackOwner }: CauseFacts): Cause[] {
  return record.degraded.map(({ part, reason }) => ({
    cause: `Degraded: ${part}: ${reason}.`,
    owner:
      part === "fallback"
        ? `${fallbackOwner ?? "unknown"} (fallback list)`
        : part === "rules"
          ? "who wrote the rules that do not fit the schema"
          : `${OPERATORS} (${part})`,
  }));
}

function causesInTime(facts: CauseFacts): Cause[] {
  const { learnedHours, difference, changes } = facts;
  return [
    ...(difference === ""
      ? []
      : [
          {
            cause: `Ranking again from the record gives another list (${difference}): another release, or something that the record names is gone.`,
            owner: OPERATORS,
          },
        ]),
    ...(learnedHours !== null && learnedHours > OLD_HOURS
      ? [
          {
            cause: `What was learned was ${Math.round(learnedHours)} hours old.`,
            owner: `${OPERATORS} (pipelines)`,
          },
        ]
      : []),
    ...changes.map(({ what, author, hoursBefore }) => ({
      cause: `${what} changed ${hoursBefore.toFixed(1)} hours before.`,
      owner: author,
    })),
  ];
}

function causesOfRules({ record, rules }: CauseFacts): Cause[] {
  return (record.rules ?? []).map(({ id, applied, listed }) => {
    const rule = findRule(rules, id);
    return {
      cause: `The rule ${id} acted on ${applied} candidates, ${listed} of them are listed. Its reason: ${rule?.reason ?? "not recorded"}.`,
      owner: `${rule?.owner ?? "unknown"} (rule ${id})`,
    };
  });
}
