import type { DecisionRecord } from "@recsys/contracts";
import type { StoredDecision } from "@recsys/store";
import type { Page, PageSection } from "./page.ts";

export interface ReportFacts {
  readonly person: string;
  readonly namespace: string;
  /** Unix milliseconds, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly purpose: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  /** Whether histories and traits are in it. */
  readonly isPersonal: boolean;
  /** Newest first. */
  readonly decisions: readonly Pick<
    StoredDecision,
    "requestId" | "receivedAt" | "record"
  >[];
  readonly isCut: boolean;
}

/** Every list that one person was shown in a span: what, why, under which rules and versions. */
export function reportPage(facts: ReportFacts): Page {
  const { decisions, isCut } = facts;
  const count = `${isCut ? "the newest " : ""}${decisions.length} lists`;
  return {
    title: `What ${facts.person} was shown`,
    lead: `Namespace ${facts.namespace}, from ${time(facts.from)} to ${time(facts.to)}: ${count}. Asked for by ${facts.requestedBy}, approved by ${facts.approvedBy}. Purpose: ${facts.purpose}. ${
      facts.isPersonal
        ? "With the history that the lists were made from."
        : "Redacted: without the person's name, history and traits."
    }`,
    sections: decisions.flatMap((decision) => sectionsOf(decision, facts)),
  };
}

function sectionsOf(
  { requestId, receivedAt, record }: ReportFacts["decisions"][number],
  { isPersonal }: ReportFacts,
): PageSection[] {
  const { versions, rules = [] } = record;
  return [
    {
      title: `${time(receivedAt)} · ${record.request.surface}`,
      paragraphs: [
        `Decision ${requestId}, segment ${record.segment ?? "none"}, configuration ${versions.config_version}, rules ${versions.rules_version}, manifest ${versions.manifest_version ?? "none"}, ranking ${versions.algo_version}.`,
        ...(rules.length === 0
          ? []
          : [
              `Rules that acted: ${rules.map(({ id, applied, listed }) => `${id} (${applied} items, ${listed} listed)`).join(", ")}.`,
            ]),
        ...degradedText(record),
        ...(isPersonal ? historyText(record) : []),
      ],
      table: slateTable(record),
    },
  ];
}

/** The list with the reasons that were given and what moved it by hand. */
export function slateTable(
  record: Pick<DecisionRecord, "slate">,
): NonNullable<PageSection["table"]> {
  return {
    headings: ["rank", "item", "score", "reasons", "rule"],
    rows: record.slate.map((item) => [
      item.rank,
      item.item_id,
      Number(item.score.toFixed(6)),
      item.reasons.map(({ text }) => text).join("; "),
      item.rule?.id ??
        item.reasons.find(({ rule_id }) => rule_id !== undefined)?.rule_id ??
        null,
    ]),
  };
}

export function degradedText({
  degraded,
}: Pick<DecisionRecord, "degraded">): string[] {
  return degraded.length === 0
    ? []
    : [
        `Degraded: ${degraded.map(({ part, reason }) => `${part} (${reason})`).join("; ")}.`,
      ];
}

const NEWEST_EVENTS = 10;

function historyText({ user_state: state }: DecisionRecord): string[] {
  const events = state.events
    .slice(0, NEWEST_EVENTS)
    .map(({ type, item_id, ts }) => `${type} ${item_id} (${time(ts)})`);
  const traits = Object.entries(state.traits).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  return [
    `Made from ${state.events.length} events${events.length === 0 ? "" : `, the newest: ${events.join(", ")}`}. Traits: ${traits.join(", ") || "none"}. Consent: ${state.consent}.`,
  ];
}

export function time(ms: number): string {
  return new Date(ms).toISOString();
}
