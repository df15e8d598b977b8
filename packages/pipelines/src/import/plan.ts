import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ApiError } from "@recsys/contracts";
import { ADAPTERS } from "./adapters/index.ts";
import type { ImportLimits } from "./limits.ts";
import {
  fileHash,
  noSuchFile,
  openFile,
  SAID,
  unreadable,
  type OpenedFile,
} from "./open-file.ts";
import type { Adapter, Entity, Table } from "./record.ts";
import { visible } from "./visible.ts";

export interface PlanOptions {
  readonly adapter: string;
  /** Files, or one folder with the files of a known set. */
  readonly paths: readonly string[];
  /** What a plain file holds; known sets tell by their columns. */
  readonly entity?: Entity;
  readonly delimiter?: string;
  /** The largest file that is taken; as by default unless said. */
  readonly limits?: ImportLimits;
}

/** One file with what it will be read as. */
export interface PlannedFile {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly format: string;
  readonly table: Table;
  /** Null for JSON lines, where each may have its own. */
  readonly columns: readonly string[] | null;
  /** Opens the file anew: rows can be read once per opening. */
  open(): Promise<OpenedFile>;
  /** Throws UPLOAD_INVALID when the file is another than it was when it was planned. */
  requireUnchanged(): Promise<void>;
}

export interface Plan {
  readonly adapter: Adapter;
  /** Items first, then users, then events. */
  readonly files: readonly PlannedFile[];
}

const ORDER: Readonly<Record<Entity, number>> = {
  item: 0,
  user: 1,
  event: 2,
  exposure: 3,
  outcome: 4,
};

/** Finds out what each file is before anything is loaded. Throws UPLOAD_INVALID with what to do. */
export async function planImport(options: PlanOptions): Promise<Plan> {
  const adapter = findAdapter(options.adapter);
  const paths = await expand(options.paths, adapter);
  const files: PlannedFile[] = [];
  for (const path of paths) files.push(await planFile(path, adapter, options));
  files.sort((a, b) => ORDER[a.table.entity] - ORDER[b.table.entity]);
  return { adapter, files };
}

function findAdapter(name: string): Adapter {
  const adapter = ADAPTERS.find((candidate) => candidate.name === name);
  if (adapter !== undefined) return adapter;
  const names = ADAPTERS.map((candidate) => candidate.name).join(", ");
  throw new ApiError("UPLOAD_INVALID", {
    detail: `There is no adapter "${name}"; there are ${names}.`,
    ...SAID,
  });
}

async function expand(
  paths: readonly string[],
  adapter: Adapter,
): Promise<string[]> {
  const all: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw noSuchFile(path, cause);
    });
    if (found.isDirectory()) all.push(...(await filesOf(path, adapter)));
    else all.push(path);
  }
  if (all.length > 0) return all;
  throw new ApiError("UPLOAD_INVALID", {
    detail: "No file to import was given.",
    ...SAID,
  });
}

async function filesOf(folder: string, adapter: Adapter): Promise<string[]> {
  const present = new Set(await readdir(folder));
  const known = adapter.files.filter((name) => present.has(name));
  // The same table twice, plain and compressed, would be loaded twice.
  const chosen = known.filter(
    (name) => name.endsWith(".gz") || !known.includes(`${name}.gz`),
  );
  if (chosen.length > 0) return chosen.map((name) => join(folder, name));
  const wanted =
    adapter.files.length === 0
      ? "single files, not a folder"
      : adapter.files.join(", ");
  throw unreadable(folder, `the adapter ${adapter.name} looks for ${wanted}`, {
    fix: "Name the files, or with --adapter the known set that the folder holds.",
  });
}

async function planFile(
  path: string,
  adapter: Adapter,
  options: PlanOptions,
): Promise<PlannedFile> {
  const choice = {
    path,
    ...(adapter.format === undefined ? {} : { format: adapter.format }),
    ...(options.delimiter === undefined
      ? {}
      : { delimiter: options.delimiter }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  };
  const planned = await stateOf(path);
  const opened = await openFile(choice);
  await opened.close();
  return {
    path,
    name: basename(path),
    sha256: await fileHash(path),
    bytes: opened.bytes,
    format: opened.compressed ? `${opened.format}, gzip` : opened.format,
    table: tableOf(opened.columns, { path, adapter, options }),
    columns: opened.format === "jsonl" ? null : opened.columns,
    open: () => openFile(choice),
    requireUnchanged: async () => {
      if ((await stateOf(path)) === planned) return;
      throw unreadable(
        path,
        "it changed while it was imported, so nobody can say which rows of it are in; import it again when nothing writes to it",
        SAID,
      );
    },
  };
}

/** Differs when the file was written to or exchanged. Throws UPLOAD_INVALID for what is no file: a pipe may never end. */
async function stateOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch((cause: unknown) => {
    throw noSuchFile(path, cause);
  });
  if (!found.isFile()) throw unreadable(path, "it is not a file", SAID);
  const { dev, ino, size, mtimeNs } = found;
  return [dev, ino, size, mtimeNs].join(":");
}

function tableOf(
  columns: readonly string[],
  {
    path,
    adapter,
    options,
  }: {
    readonly path: string;
    readonly adapter: Adapter;
    readonly options: PlanOptions;
  },
): Table {
  const plain = adapter.tables.every((table) => table.columns.length === 0);
  if (plain && options.entity === undefined) {
    throw unreadable(
      path,
      "say what it holds with --type items, users, events, exposures or outcomes",
      SAID,
    );
  }
  const found = adapter.tables.find(
    (table) =>
      (options.entity === undefined || table.entity === options.entity) &&
      table.columns.every((column) => columns.includes(column)),
  );
  if (found !== undefined) return found;
  const wanted = adapter.tables
    .map((table) => `${table.name} (${table.columns.join(", ")})`)
    .join(" or ");
  throw unreadable(
    path,
    `its columns (${visible(columns.join(", "))}) are not those of ${wanted}`,
    { fix: "Choose the adapter that fits with --adapter." },
  );
}
