import { ERRORS, PERMISSIONS, type KnobDefinition } from "@recsys/contracts";
import { KNOBS, rankingMarkdown } from "@recsys/ranking";
import {
  envExample,
  openApiDocument,
  ROUTES,
  SETTINGS,
  settingsMarkdown,
} from "@recsys/service";
import { format } from "prettier";
import { CLI_PAGE } from "../apps/cli/src/settings.ts";
import repository from "../package.json" with { type: "json" };

/** A file that is made from typed lists. */
export interface ReferencePage {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every generated file; `npm run docs` writes them and a test compares them. */
export function referencePages(): ReferencePage[] {
  return [
    { path: "docs/reference/errors.md", text: errorsPage() },
    { path: "docs/reference/permissions.md", text: permissionsPage() },
    { path: "docs/reference/knobs.md", text: knobsPage() },
    { path: "docs/reference/ranking.md", text: rankingMarkdown() },
    { path: "docs/reference/settings.md", text: settingsMarkdown([CLI_PAGE]) },
    { path: "docs/api/openapi.json", text: openApiText() },
    { path: ".env.example", text: envExample([CLI_PAGE]) },
  ];
}

/** What stands in the file: pages are formatted like those that people write. */
export async function fileText({ path, text }: ReferencePage): Promise<string> {
  return path.endsWith(".md") ? format(text, { parser: "markdown" }) : text;
}

function openApiText(): string {
  const document = openApiDocument(ROUTES, {
    version: repository.version,
    tenantHeader: SETTINGS.tenantHeaderName.default,
  });
  return `${JSON.stringify(document, null, 2)}\n`;
}

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, title, fix }]) =>
      `| \`${code}\` | ${status} | ${title} | ${fix} |`,
  );
  return page({
    title: "Error codes",
    source: "packages/contracts/src/errors.ts",
    intro:
      "Every error is `application/problem+json` with `code`, `title`, `detail`, `status`, `request_id` and, where fields are at fault, `errors: [{ path, code, message }]` with JSON pointers. A retired code is never used again.",
    table: [
      "| Code | Status | Meaning | What to do |",
      "| --- | --- | --- | --- |",
      ...rows,
    ],
  });
}

function permissionsPage(): string {
  const rows = Object.entries(PERMISSIONS).map(
    ([name, { role, description }]) =>
      `| \`${name}\` | ${role} | ${description} |`,
  );
  return page({
    title: "Permissions",
    source: "packages/contracts/src/permissions.ts",
    intro:
      "A role has its own permissions and those of the roles below it: viewer, operator, admin.",
    table: [
      "| Permission | From role | Allows to |",
      "| --- | --- | --- |",
      ...rows,
    ],
  });
}

function knobsPage(): string {
  const rows = KNOBS.map(knobRow);
  return page({
    title: "Knobs",
    source: "packages/ranking/src (sources and stages declare theirs)",
    intro:
      "What configuration and requests may tune. Layers, from weakest to strongest: default, tenant, namespace, surface, segment, experiment, request. An unknown knob or a value out of range is an error; a test proves that each one changes an answer.",
    table: [
      "| Knob | Default | Values | Meaning |",
      "| --- | --- | --- | --- |",
      ...rows,
    ],
  });
}

const KNOB_PARTS: Readonly<Record<KnobDefinition["kind"], readonly string[]>> =
  {
    boolean: ["name", "default", "description"],
    choice: ["name", "default", "choices", "description"],
    number: ["name", "default", "minimum", "maximum", "unit", "description"],
  };

/** A row of the page of knobs. Nothing checks types here, so that a part that was forgotten is refused by name. */
export function knobRow(knob: KnobDefinition): string {
  const given: Readonly<Record<string, unknown>> = { ...knob };
  const missing = KNOB_PARTS[knob.kind].filter(
    (part) => given[part] === undefined,
  );
  if (missing.length > 0) {
    throw new Error(
      `The knob ${knob.name} has no ${missing.join(", no ")}; unit is "" for a plain number.`,
    );
  }
  return `| \`${knob.name}\` | \`${String(knob.default)}\` | ${valuesOf(knob)} | ${knob.description} |`;
}

function valuesOf(knob: KnobDefinition): string {
  switch (knob.kind) {
    case "boolean":
      return "true, false";
    case "choice":
      return knob.choices.join(", ");
    case "number":
      return `${knob.minimum} to ${knob.maximum}${knob.unit === "" ? "" : ` ${knob.unit}`}`;
  }
}

function page(parts: {
  readonly title: string;
  readonly source: string;
  readonly intro: string;
  readonly table: readonly string[];
}): string {
  return [
    `# ${parts.title}`,
    "",
    `<!-- Generated from ${parts.source} by \`npm run docs\`. -->`,
    "",
    parts.intro,
    "",
    ...parts.table,
    "",
  ].join("\n");
}
