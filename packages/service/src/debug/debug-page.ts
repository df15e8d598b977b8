import { HOUR_MS, type WhyNot } from "@recsys/contracts";
import type { Page, PageSection } from "../pages/page.ts";
import { degradedText, slateTable, time } from "../pages/report-page.ts";
import type { DebugFacts } from "./gather-debug.ts";

/** One decision with all that may explain it, on one page. */
export function debugPage(facts: DebugFacts): Page {
  const { decision } = facts;
  const { record } = decision;
  const { request } = record;
  return {
    title: `Decision ${decision.requestId}`,
    lead: `${time(decision.receivedAt)}, ${request.route} for ${request.surface}, segment ${record.segment ?? "none"}: ${record.slate.length} of ${request.k} items.`,
    sections: [
      causesSection(facts),
      listSection(facts),
      whyNotSection(facts),
      stagesSection(facts),
      versionsSection(facts),
      changesSection(facts),
      switchesSection(facts),
      agesSection(facts),
    ],
  };
}

function causesSection({ causes }: DebugFacts): PageSection {
  return {
    title: "Likely cause and owner",
    table: {
      headings: ["cause", "owner"],
      rows: causes.map(({ cause, owner }) => [cause, owner]),
    },
  };
}

function listSection({ decision, config, replay, impossible }: DebugFacts) {
  const { record } = decision;
  const surface = config.surfaces[record.request.surface];
  const repeated =
    replay === null
      ? `It cannot be ranked again: ${impossible ?? ""}`
      : replay.identical
        ? "Ranked again from the record it is the same to the last bit."
        : `Ranked again it differs: ${replay.difference}.`;
  return {
    title: "The list",
    paragraphs: [
      `Surface ${record.request.surface}, owner ${surface?.owner ?? "unassigned"}: ${surface?.objective ?? "not in the configuration"}`,
      ...degradedText(record),
      ...record.warnings.map(({ code, detail }) => `${code}: ${detail}.`),
      repeated,
    ],
    table: slateTable(record),
  };
}

const MOST_ASKED = 50;

/** Each item that was asked about; of a whole catalogue the counts. */
function whyNotSection({ whyNot }: DebugFacts): PageSection {
  const title = "Why not";
  if (whyNot.length <= MOST_ASKED) {
    return {
      title,
      table: {
        headings: ["item", "stage", "answer", "missed by"],
        rows: whyNot.map((each) => [
          each.item_id,
          each.stage,
          each.text,
          missed(each),
        ]),
      },
    };
  }
  const counts = new Map<string, number>();
  for (const { stage, reason } of whyNot) {
    const key = `${stage} ${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return {
    title,
    paragraphs: [
      `All ${whyNot.length} items of the catalogue by the stage that they ended at; --item asks about one.`,
    ],
    table: {
      headings: ["stage", "reason", "items"],
      rows: [...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([key, count]) => [...key.split(" "), count]),
    },
  };
}

function missed({ missed_by }: WhyNot): number | null {
  return missed_by === undefined ? null : Number(missed_by.toFixed(6));
}

function stagesSection({ decision: { record } }: DebugFacts): PageSection {
  const sources = record.sources
    .filter(({ outcome }) => outcome !== "off")
    .map(({ source, outcome, reason, offered, survived }) =>
      outcome === "ok"
        ? `${source} offered ${offered}, ${survived} survived`
        : `${source} ${outcome}: ${reason ?? ""}`,
    );
  return {
    title: "Sources and stages",
    paragraphs: [`${sources.join("; ")}.`],
    table: {
      headings: ["stage", "in", "out", "taken out"],
      rows: record.stages.map(({ stage, in: before, out, removed }) => [
        stage,
        before,
        out,
        Object.entries(removed)
          .map(([reason, count]) => `${reason} ${count}`)
          .join(", ") || null,
      ]),
    },
  };
}

function versionsSection({ versions, decision }: DebugFacts): PageSection {
  const { algo_version, node_major, catalogue_revision } =
    decision.record.versions;
  return {
    title: "Versions",
    paragraphs: [
      `Ranking ${algo_version} on Node ${node_major}, catalogue revision ${catalogue_revision}.`,
    ],
    table: {
      headings: ["document", "then", "now"],
      rows: versions.map(({ what, recorded, live }) => [what, recorded, live]),
    },
  };
}

function changesSection({ changes, decision }: DebugFacts): PageSection {
  const { now } = decision.record;
  return {
    title: "Changes of the week before, and since",
    table: {
      headings: ["when", "what", "version", "author", "reason"],
      rows: changes.map((each) => [
        `${time(each.createdAt)}${each.createdAt > now ? " (since)" : ""}`,
        each.what,
        each.version,
        each.author,
        each.reason,
      ]),
    },
  };
}

/** What was switched by hand when the list was made. */
function switchesSection({ rules, decision }: DebugFacts): PageSection {
  const { now } = decision.record;
  const isOn = (from: string | undefined, until: string | undefined) =>
    (from === undefined || Date.parse(from) <= now) &&
    (until === undefined || now < Date.parse(until));
  const overrides = (rules.overrides ?? [])
    .filter((each) => isOn(each.created_at, each.expires_at))
    .map((each) => [
      "override",
      `${each.action} ${each.item_id}`,
      each.author,
      each.reason,
    ]);
  const campaigns = (rules.campaigns ?? [])
    .filter((each) => isOn(each.valid_from, each.valid_until))
    .map((each) => [
      each.enabled ? "campaign" : "campaign, off",
      each.id,
      each.owner,
      each.title,
    ]);
  const off = rules.rules
    .filter((each) => !each.enabled)
    .map((each) => ["rule, off", each.id, each.owner, each.reason]);
  return {
    title: "Overrides, campaigns and switches at the time",
    table: {
      headings: ["kind", "what", "owner", "reason"],
      rows: [...overrides, ...campaigns, ...off],
    },
  };
}

function agesSection({ jobs, learnedAsOf, decision }: DebugFacts): PageSection {
  const { record } = decision;
  const hours = (at: number | null) =>
    at === null ? "never" : `${((record.now - at) / HOUR_MS).toFixed(1)} hours`;
  const newest = record.user_state.events[0]?.ts ?? null;
  return {
    title: "How old its data was",
    paragraphs: [
      `Learned: ${learnedAsOf === null ? "nothing" : `${hours(learnedAsOf)} before`}. Newest event of the person: ${newest === null ? "none" : `${hours(newest)} before`}. Stored ${((decision.shippedAt - decision.receivedAt) / 1000).toFixed(1)} seconds after the answer.`,
    ],
    table: {
      headings: ["job", "data as of (now)", "last success", "last error"],
      rows: jobs.map(({ job, asOf, lastSuccessAt, lastError }) => [
        job,
        asOf === null ? null : time(asOf),
        lastSuccessAt === null ? null : time(lastSuccessAt),
        lastError,
      ]),
    },
  };
}
