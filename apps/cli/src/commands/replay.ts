import { ApiError, type DecisionRecord } from "@recsys/contracts";
import {
  compareTraffic,
  type SlatePair,
  type TrafficComparison,
} from "@recsys/evaluation";
import { showManifest } from "@recsys/pipelines";
import {
  createReplayer,
  type Replay,
  type ReplayAgainst,
} from "@recsys/service";
import { findDecision, sampleDecisions } from "@recsys/store";
import { Command } from "commander";
import { noteAccess } from "../access.ts";
import { number, positiveInteger, uuid } from "../arguments.ts";
import {
  withJson,
  withPlace,
  type Cli,
  type JsonOption,
  type PlaceOptions,
} from "../command.ts";
import { EXIT, type ExitCode } from "../io.ts";
import { onPlace, type Place } from "../platform.ts";
import { createProgress } from "../progress.ts";
import { manifestsOf, resolveName } from "./manifest.ts";

interface Options extends PlaceOptions, JsonOption {
  readonly sample?: number;
  readonly seed: number;
  readonly manifest?: string;
  readonly config?: number;
  readonly rules?: number;
}

export function replayCommand(cli: Cli): Command {
  return withJson(withPlace(new Command("replay")))
    .description(
      "Rank recorded requests again: exactly as they were, or against other versions.",
    )
    .argument("[request_id]", "one decision; or use --sample", uuid)
    .option(
      "--sample <number>",
      "so many recorded decisions, drawn by the seed",
      positiveInteger,
    )
    .option("--seed <number>", "seed of the draw", number, 1)
    .option(
      "--manifest <name>",
      "against this manifest: version, hash, live or previous",
    )
    .option(
      "--config <version>",
      "against this version of the configuration",
      positiveInteger,
    )
    .option(
      "--rules <version>",
      "against this version of the rules",
      positiveInteger,
    )
    .addHelpText("after", HELP)
    .action(
      cli.action((requestId: string | undefined, options: Options) =>
        onPlace(cli, options, (place) =>
          requestId === undefined
            ? replaySample(cli, place, options)
            : replayOne(cli, place, { ...options, requestId }),
        ),
      ),
    );
}

const HELP = `
Exits with 2 when a decision is replayed against its own versions and the list
differs. Against other versions a difference is the result, not a fault.`;

async function replayOne(
  cli: Cli,
  place: Place,
  options: Options & { readonly requestId: string },
): Promise<ExitCode> {
  const { store } = place.platform;
  const found = await store.inTenant(place.tenant.tenantId, (tx) =>
    findDecision(tx, options.requestId),
  );
  if (found === null) {
    throw new ApiError("DECISION_UNKNOWN", {
      detail: `Tenant ${place.tenant.tenantId} has no decision ${options.requestId} on record.`,
    });
  }
  await noteAccess(place, { kind: "decision", decisionId: options.requestId });
  const against = await versionsOf(cli, place, options);
  const replay = await replayerOf(place).replay(found.record, against);
  if (options.json === true) cli.io.out(JSON.stringify(withoutResult(replay)));
  else for (const line of replayLines(found.record, replay)) cli.io.out(line);
  const isExact = Object.keys(against).length === 0;
  return isExact && !replay.identical ? EXIT.attention : EXIT.ok;
}

async function replaySample(
  cli: Cli,
  place: Place,
  options: Options,
): Promise<ExitCode> {
  const { platform, tenant, namespace } = place;
  const decisions = await platform.store.inTenant(tenant.tenantId, (tx) =>
    sampleDecisions(tx, namespace, {
      size: options.sample ?? 100,
      seed: options.seed,
    }),
  );
  const against = await versionsOf(cli, place, options);
  const replayer = replayerOf(place);
  const pairs: SlatePair[] = [];
  const impossible: string[] = [];
  const progress = createProgress(cli.io, "replay");
  for (const [done, { record }] of decisions.entries()) {
    progress.update(done, decisions.length, "");
    const pair = await slatePair(record, () =>
      replayer.replay(record, against),
    );
    if (pair === null) impossible.push(record.request_id);
    else pairs.push(pair);
  }
  progress.stop();
  const comparison = compareTraffic(pairs);
  if (options.json === true)
    cli.io.out(JSON.stringify({ ...comparison, impossible }));
  else
    for (const line of comparisonLines(comparison, impossible))
      cli.io.out(line);
  const isExact = Object.keys(against).length === 0;
  return isExact && comparison.identical < comparison.requests
    ? EXIT.attention
    : EXIT.ok;
}

/** Null when a version that the decision names is gone; anything else that goes wrong ends the command. */
async function slatePair(
  record: DecisionRecord,
  replay: () => Promise<Replay>,
): Promise<SlatePair | null> {
  try {
    const { recorded, replayed } = await replay();
    const ids = (slate: Replay["recorded"]) =>
      slate.map((item) => item.item_id);
    return {
      requestId: record.request_id,
      recorded: ids(recorded),
      replayed: ids(replayed),
    };
  } catch (error) {
    if (error instanceof ApiError && error.code === "REPLAY_IMPOSSIBLE")
      return null;
    throw error;
  }
}

function replayerOf({ platform, tenant }: Place) {
  return createReplayer({
    store: platform.store,
    tenant: tenant.tenantId,
    objects: platform.objectsFor(tenant),
  });
}

async function versionsOf(
  cli: Cli,
  place: Place,
  options: Options,
): Promise<ReplayAgainst> {
  const { manifest, config, rules } = options;
  return {
    ...(manifest === undefined
      ? {}
      : { manifest: await manifestVersion(cli, place, manifest) }),
    ...(config === undefined ? {} : { config }),
    ...(rules === undefined ? {} : { rules }),
  };
}

async function manifestVersion(
  cli: Cli,
  place: Place,
  name: string,
): Promise<number> {
  const resolved = await resolveName(cli, place, name);
  const { entry } = await showManifest(manifestsOf(place), resolved);
  return entry.version;
}

/** The whole result of ranking would bury what was found. */
function withoutResult(replay: Replay): Omit<Replay, "result"> {
  const { requestId, identical, comparable, difference } = replay;
  const { recorded, replayed, versions } = replay;
  return {
    requestId,
    identical,
    comparable,
    difference,
    versions,
    recorded,
    replayed,
  };
}

function replayLines(record: DecisionRecord, replay: Replay): string[] {
  const versions = Object.entries(replay.versions).map(
    ([name, { recorded, replayed }]) =>
      `  ${name}: recorded ${JSON.stringify(recorded)}, now ${JSON.stringify(replayed)}`,
  );
  return [
    replay.identical
      ? `identical: ${replay.replayed.length} items, the same scores, reasons and features`
      : `different: ${replay.difference}`,
    ...(replay.comparable
      ? []
      : ["not comparable: another release of the algorithm or major of Node"]),
    ...versions,
    ...replay.replayed.map(
      (item) =>
        `  ${item.rank}. ${item.item_id}  ${item.score.toFixed(4)}  ${item.reasons[0]?.text ?? ""}`,
    ),
    `decided at ${new Date(record.now).toISOString()} for surface ${record.request.surface}`,
  ];
}

function comparisonLines(
  comparison: TrafficComparison,
  impossible: readonly string[],
): string[] {
  const number = (value: TrafficComparison["meanOverlap"]) =>
    value.kind === "number" ? value.value.toFixed(4) : value.because;
  const items = (list: TrafficComparison["mostGained"]) =>
    list.map((one) => `${one.itemId} (${one.requests})`).join(", ") || "none";
  return [
    `${comparison.requests} requests replayed, ${comparison.identical} identical`,
    `mean overlap ${number(comparison.meanOverlap)}, mean rank correlation (Kendall's tau) ${number(comparison.meanKendallTau)}`,
    `first item changed in ${comparison.firstChanged}, newly empty ${comparison.newlyEmpty}`,
    `gained ${comparison.itemsGained} items: ${items(comparison.mostGained)}`,
    `lost ${comparison.itemsLost} items: ${items(comparison.mostLost)}`,
    ...(impossible.length === 0
      ? []
      : [
          `${impossible.length} could not be replayed, their versions are gone: ${impossible.slice(0, 5).join(", ")}`,
        ]),
  ];
}
