import { ERRORS, PERMISSIONS } from "@recsys/contracts";

/** A page of docs/reference that is made from a typed list. */
export interface ReferencePage {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every generated page; `npm run docs` writes them and a test compares them. */
export function referencePages(): ReferencePage[] {
  return [
    { path: "docs/reference/errors.md", text: errorsPage() },
    { path: "docs/reference/permissions.md", text: permissionsPage() },
  ];
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
