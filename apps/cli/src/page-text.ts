import type { Page } from "@recsys/service";
import { textTable } from "./text-table.ts";

/** A page as lines for terminals. */
export function pageText({ title, lead, sections }: Page): string[] {
  return [
    title,
    lead,
    ...sections.flatMap(({ title: heading, paragraphs = [], table }) => [
      "",
      heading,
      ...paragraphs.map((text) => `  ${text}`),
      ...(table === undefined
        ? []
        : table.rows.length === 0
          ? ["  none"]
          : textTable(table.headings, table.rows).map((line) => `  ${line}`)),
    ]),
  ];
}
