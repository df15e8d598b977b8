import { reportCss } from "@recsys/evaluation";
import type { Page, PageSection } from "./page.ts";

/** The page as one file: inline style, no script, nothing loaded. Every text is escaped. */
export function htmlPage({ title, lead, sections }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${reportCss}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${escape(lead)}</p>
${sections.map(sectionHtml).join("\n")}
</main>
</body>
</html>
`;
}

function sectionHtml({ title, paragraphs = [], table }: PageSection): string {
  return [
    `<section><h2>${escape(title)}</h2>`,
    ...paragraphs.map((text) => `<p>${escape(text)}</p>`),
    ...(table === undefined ? [] : [tableHtml(table)]),
    "</section>",
  ].join("\n");
}

function tableHtml(table: NonNullable<PageSection["table"]>): string {
  const row = (cells: readonly (string | number | null)[], tag: "td" | "th") =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(String(cell ?? "–"))}</${tag}>`).join("")}</tr>`;
  return `<div class="table"><table><thead>${row(table.headings, "th")}</thead><tbody>
${table.rows.map((cells) => row(cells, "td")).join("\n")}
</tbody></table></div>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
