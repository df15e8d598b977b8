import {
  ERRORS,
  EXPRESSION_LIMITS,
  FUNCTIONS,
  ITEM_FIELDS,
  PERMISSIONS,
  type KnobDefinition,
} from "@recsys/contracts";
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
    { path: "docs/reference/expressions.md", text: expressionsPage() },
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

function expressionsPage(): string {
  const names = Object.entries(ITEM_FIELDS).map(
    ([name, type]) => `| \`item.${name}\` | ${type} |`,
  );
  const functions = Object.entries(FUNCTIONS).map(
    ([name, { args, gives, does }]) =>
      `| \`${name}(${args.map((types) => (types.length > 2 ? "any" : types.join(" or "))).join(", ")})\` | ${gives} | ${does} |`,
  );
  return page({
    title: "Expressions",
    source: "packages/contracts/src/expression",
    intro: [
      "One small language for `target.where` and `amount` of rules, `constraints.where` of requests and `where` of segments (there without `item`). It is typed against the schema of the catalogue: a mistake is refused with the character at which it stands, and a field that a live rule asks about cannot be taken out of the schema.",
      "",
      'Operators, weakest first: `or`, `and`, `not`; `= != < <= > >=`, `in`, `not in`, `has`, `has any`, `has all`, `contains`; `+ -`; `* /`; `-`. Texts stand in double quotes, lists in brackets: `item.brand in ["acme", "best"]`, `item.tags has any ["gift", "new"]`, `days_since(item.created_at) < 30`, `when(context.country = "France", 0.5, 0)`.',
      "",
      `A value that is missing makes a comparison false, a sum missing and an amount 0. An expression has at most ${EXPRESSION_LIMITS.characters} characters, ${EXPRESSION_LIMITS.nodes} parts and ${EXPRESSION_LIMITS.depth} levels, so its cost for an item is bounded; what does not depend on the item is computed once a request.`,
    ].join("\n"),
    table: [
      "| Name | Type |",
      "| --- | --- |",
      ...names,
      "| `item.attributes.<key>` | as in `schema.attributes` |",
      "| `user.<key>` | as in `schema.traits` |",
      "| `context.<key>` | as in `schema.context` |",
      "| `history.count`, `history.count.<event type>` | number |",
      "| `history.last`, `history.last.<event type>` | time |",
      "| `now` | time |",
      "",
      "| Function | Gives | What |",
      "| --- | --- | --- |",
      ...functions,
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
