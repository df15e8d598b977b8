import type { OfflineReport } from "@recsys/contracts";
import {
  reportSections,
  reportSummary,
  type ReportSection,
} from "./report-sections.ts";

/** The report as GitHub-flavoured Markdown. Text from outside is escaped, so that it cannot add columns, markup or links. */
export function renderMarkdown(report: OfflineReport): string {
  const facts = Object.entries(report.facts).map(
    ([name, value]) => `- ${escape(name)}: ${escape(String(value))}`,
  );
  return [
    `# ${escape(report.title)}`,
    `${escape(new Date(report.created_at).toISOString())} · ${escape(reportSummary(report))}`,
    ...(facts.length === 0 ? [] : [facts.join("\n")]),
    ...reportSections(report).map(renderSection),
    "",
  ].join("\n\n");
}

function renderSection(section: ReportSection): string {
  const parts = [`## ${section.title}`, ...section.notes.map(escape)];
  if (section.rows.length > 0) {
    parts.push(
      [
        tableRow(section.header),
        tableRow(section.header.map(() => "---")),
        ...section.rows.map((cells) => tableRow(cells.map(escape))),
      ].join("\n"),
    );
  }
  return parts.join("\n\n");
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function escape(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|#~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/\s+/g, " ");
}
