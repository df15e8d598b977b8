import {
  activateManifest,
  collectGarbage,
  compareManifests,
  listManifests,
  rollbackManifest,
  showManifest,
  type ManifestEntry,
} from "@recsys/pipelines";
import { versionName, type PointerState } from "@recsys/contracts";
import { Command } from "commander";
import { positiveInteger, timeText } from "../arguments.ts";
import { operator } from "../audit.ts";
import {
  withJson,
  withPlace,
  type Cli,
  type JsonOption,
  type PlaceOptions,
} from "../command.ts";
import { EXIT } from "../io.ts";
import { onPlace, type Place } from "../platform.ts";
import { textTable } from "../text-table.ts";

type Options = PlaceOptions & JsonOption;

export function manifestCommand(cli: Cli): Command {
  return new Command("manifest")
    .description("See which artifacts are live, and go back or forth.")
    .addCommand(list(cli))
    .addCommand(show(cli))
    .addCommand(diff(cli))
    .addCommand(activate(cli))
    .addCommand(rollback(cli))
    .addCommand(gc(cli));
}

/** What the functions over manifests need of a place. */
export function manifestsOf({ platform, tenant, namespace }: Place) {
  return {
    store: platform.store,
    objects: platform.objectsFor(tenant),
    tenant: tenant.tenantId,
    namespace,
  };
}

function list(cli: Cli): Command {
  return withJson(withPlace(new Command("list")))
    .description("List the versions of the manifest, newest first.")
    .option("--limit <number>", "most versions to list", positiveInteger, 20)
    .action(
      cli.action((options: Options & { readonly limit: number }) =>
        onPlace(cli, options, async (place) => {
          const entries = await listManifests(
            manifestsOf(place),
            options.limit,
          );
          if (options.json === true) cli.io.out(JSON.stringify(entries));
          else {
            const rows = entries.map((entry) => [
              entry.version,
              entry.hash.slice(0, 12),
              entry.isLive ? "live" : "",
              timeText(entry.createdAt),
              entry.author,
              entry.reason,
            ]);
            const headings = ["version", "hash", "", "since", "by", "reason"];
            for (const line of textTable(headings, rows)) cli.io.out(line);
          }
          return EXIT.ok;
        }),
      ),
    );
}

function show(cli: Cli): Command {
  return withJson(withPlace(new Command("show")))
    .description("Show one manifest: artifacts, parent, evaluation, recipe.")
    .argument(
      "[name]",
      "version, hash of at least eight digits, live or previous",
      "live",
    )
    .action(
      cli.action((name: string, options: Options) =>
        onPlace(cli, options, async (place) => {
          const address = manifestsOf(place);
          const found = await showManifest(
            address,
            await resolveName(cli, place, name),
          );
          cli.io.out(
            JSON.stringify(found.manifest, null, options.json === true ? 0 : 2),
          );
          return EXIT.ok;
        }),
      ),
    );
}

function diff(cli: Cli): Command {
  return withJson(withPlace(new Command("diff")))
    .description(
      "Compare two manifests; unset: the one before with the live one.",
    )
    .argument("[before]", "version, hash, live or previous", "previous")
    .argument("[after]", "version, hash, live or previous", "live")
    .action(
      cli.action((before: string, after: string, options: Options) =>
        onPlace(cli, options, async (place) => {
          const differences = await compareManifests(
            manifestsOf(place),
            await resolveName(cli, place, before),
            await resolveName(cli, place, after),
          );
          if (options.json === true) cli.io.out(JSON.stringify(differences));
          else if (differences.length === 0) cli.io.out("no difference");
          else {
            const rows = differences.map((d) => [
              d.part,
              d.kind,
              short(d.before),
              short(d.after),
            ]);
            for (const line of textTable(["part", "", "before", "after"], rows))
              cli.io.out(line);
          }
          return EXIT.ok;
        }),
      ),
    );
}

interface Reasoned extends PlaceOptions {
  readonly reason: string;
}

function activate(cli: Cli): Command {
  return withPlace(new Command("activate"))
    .description(
      "Make a version live, after checking that all its artifacts are there.",
    )
    .argument("<name>", "version, or hash of at least eight digits")
    .option(
      "--reason <text>",
      "for the audit log",
      "activated at the command line",
    )
    .action(
      cli.action((name: string, options: Reasoned) =>
        onPlace(cli, options, async (place) => {
          const state = await activateManifest(manifestsOf(place), {
            name,
            ...signed(options),
          });
          cli.io.out(nowLive(state));
          return EXIT.ok;
        }),
      ),
    );
}

function rollback(cli: Cli): Command {
  return withPlace(new Command("rollback"))
    .description(
      "Go back to the manifest that was live before; no restart, nothing is rebuilt.",
    )
    .option(
      "--reason <text>",
      "for the audit log",
      "rolled back at the command line",
    )
    .action(
      cli.action((options: Reasoned) =>
        onPlace(cli, options, async (place) => {
          const state = await rollbackManifest(
            manifestsOf(place),
            signed(options),
          );
          cli.io.out(nowLive(state));
          return EXIT.ok;
        }),
      ),
    );
}

function gc(cli: Cli): Command {
  return withJson(withPlace(new Command("gc")))
    .description("Remove objects that no kept manifest has named for a day.")
    .action(
      cli.action((options: Options) =>
        onPlace(cli, options, async (place) => {
          const { platform } = place;
          const result = await collectGarbage({
            ...manifestsOf(place),
            home: platform.home,
            now: cli.io.now(),
            replayDays: platform.config.replayDays,
          });
          if (options.json === true) cli.io.out(JSON.stringify(result));
          else {
            cli.io.out(
              `${result.removed.length} removed (${result.bytesFreed} bytes), ${result.kept} kept, ${result.waiting} unnamed but younger than a day`,
            );
          }
          return EXIT.ok;
        }),
      ),
    );
}

/** `previous` is what was live before the live one; where nothing was, looking is done at the live one, and says so. */
export async function resolveName(
  cli: Cli,
  place: Place,
  name: string,
): Promise<string> {
  if (name !== "previous") return name;
  const before = previousOf(await listManifests(manifestsOf(place), 1000));
  if (before !== undefined) return String(before.version);
  cli.io.note("no earlier manifest was live yet: taking the live one");
  return "live";
}

function previousOf(
  history: readonly ManifestEntry[],
): ManifestEntry | undefined {
  const live = history.find((entry) => entry.isLive);
  return history.find(
    (entry) =>
      live !== undefined &&
      entry.version < live.version &&
      entry.hash !== live.hash,
  );
}

function signed(options: Reasoned) {
  return {
    author: operator(),
    authorKind: "human" as const,
    reason: options.reason,
  };
}

function nowLive(state: PointerState): string {
  return `manifest ${versionName(state)} is live`;
}

function short(text: string | null): string | null {
  return text !== null && /^[0-9a-f]{64}$/.test(text)
    ? text.slice(0, 12)
    : text;
}
