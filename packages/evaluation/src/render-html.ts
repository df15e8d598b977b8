import type { OfflineReport } from "@recsys/contracts";
import { reportCss } from "./report-css.ts";
import {
  reportSections,
  reportSummary,
  type ReportSection,
} from "./report-sections.ts";

/** A picture for the page: SVG text made by this product, with a title for those who cannot see it. */
export interface ReportChart {
  readonly title: string;
  readonly svg: string;
}

/**
 * The report as one self-contained page: inline style and charts, no script,
 * nothing loaded, light and dark. Text is escaped; a chart that is not plain
 * SVG throws.
 */
export function renderHtml(
  report: OfflineReport,
  charts: readonly ReportChart[] = [],
): string {
  const title = escape(report.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${reportCss}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
${renderBadge(report)}
<p>${escape(new Date(report.created_at).toISOString())} · ${escape(reportSummary(report))}</p>
${renderFacts(report)}
</header>
${reportSections(report)
  .map((section) => renderSection(section, charts))
  .join("\n")}
</main>
</body>
</html>
`;
}

function renderBadge({ decision }: OfflineReport): string {
  if (decision === null) return "";
  return `<p class="badge ${decision.decision}">${decision.decision}</p>`;
}

function renderFacts({ facts }: OfflineReport): string {
  const rows = Object.entries(facts).map(
    ([name, value]) =>
      `<dt>${escape(name)}</dt><dd>${escape(String(value))}</dd>`,
  );
  return rows.length === 0 ? "" : `<dl>${rows.join("")}</dl>`;
}

/** Charts follow the metrics table: quality and guardrails come first. */
function renderSection(
  section: ReportSection,
  charts: readonly ReportChart[],
): string {
  const notes = section.notes.map((note) => `<p>${escape(note)}</p>`);
  const figures = section.title === "Metrics" ? charts.map(renderChart) : [];
  return [
    `<section>`,
    `<h2>${escape(section.title)}</h2>`,
    ...notes,
    renderTable(section),
    ...figures,
    `</section>`,
  ].join("\n");
}

function renderTable({ header, rows }: ReportSection): string {
  if (rows.length === 0) return "";
  const head = header.map((cell) => `<th scope="col">${escape(cell)}</th>`);
  const body = rows.map(
    (cells) => `<tr>${cells.map(renderCell).join("")}</tr>`,
  );
  return `<div class="table"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

const OUTCOMES = new Set(["pass", "warn", "hold", "fail"]);

function renderCell(cell: string): string {
  if (OUTCOMES.has(cell)) return `<td class="outcome ${cell}">${cell}</td>`;
  const kind = /^-?\d+(\.\d+)?( %)?$/.test(cell) ? ` class="number"` : "";
  return `<td${kind}>${escape(cell)}</td>`;
}

const ACTIVE_CONTENT =
  /<\s*(script|foreignobject|iframe|object|embed|image|use|a)\b|\son\w+\s*=|(href|src)\s*=|url\s*\((?!\s*["']?\s*#)|@import|javascript:/i;

function renderChart({ title, svg }: ReportChart): string {
  const text = svg.trim();
  if (!text.startsWith("<svg") || !text.endsWith("</svg>")) {
    throw new Error(`chart ${title} is not SVG`);
  }
  const active = ACTIVE_CONTENT.exec(text);
  if (active !== null) {
    throw new Error(`chart ${title} holds ${active[0].trim()}, which may act`);
  }
  return `<figure role="img" aria-label="${escape(title)}">${text}<figcaption>${escape(title)}</figcaption></figure>`;
}

function escape(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}
