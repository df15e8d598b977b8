import { ApiError, type WhyNot } from "@recsys/contracts";
import { checkAbsence, createReplayer } from "@recsys/service";
import { findDecision, sampleDecisions } from "@recsys/store";
import { Argument, Command } from "commander";
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
import { textTable } from "../text-table.ts";

interface Options extends PlaceOptions, JsonOption {
  readonly sample?: number;
  readonly seed: number;
}

const HELP = `
With items: the stage at which each went out of that list, why, and what it
missed by. With --sample: asks about every item of the catalogue for so many
recorded decisions and checks the answers against what the stages recorded;
exits with 2 when one does not agree.`;

export function auditWhyNot(cli: Cli): Command {
  return withJson(withPlace(new Command("why-not")))
    .description("Why items are not in a past list, replayed from its record.")
    .addArgument(
      new Argument("[request_id]", "one decision")
        .argParser(uuid)
        .argOptional(),
    )
    .argument("[item_ids...]", "items of the catalogue")
    .option(
      "--sample <number>",
      "check the answers for so many recorded decisions",
      positiveInteger,
    )
    .option("--seed <number>", "seed of the draw", number, 1)
    .addHelpText("after", HELP)
    .action(
      cli.action(
        (requestId: string | undefined, items: string[], options: Options) =>
          onPlace(cli, options, (place) =>
            requestId === undefined
              ? checkSample(cli, place, options)
              : explain(cli, place, { requestId, items, options }),
          ),
      ),
    );
}

async function explain(
  cli: Cli,
  place: Place,
  asked: {
    readonly requestId: string;
    readonly items: readonly string[];
    readonly options: Options;
  },
): Promise<ExitCode> {
  const { requestId, items, options } = asked;
  const { store } = place.platform;
  const found = await store.inTenant(place.tenant.tenantId, (tx) =>
    findDecision(tx, requestId),
  );
  if (found === null) {
    throw new ApiError("DECISION_UNKNOWN", {
      detail: `Tenant ${place.tenant.tenantId} has no decision ${requestId} on record.`,
    });
  }
  await noteAccess(place, { kind: "why_not", decisionId: requestId });
  const replay = await replayerOf(place).explain(
    found.record,
    items.length === 0 ? undefined : items,
  );
  const { whyNot } = replay.result;
  if (options.json === true) cli.io.out(JSON.stringify(whyNot));
  else {
    if (items.length === 0) {
      const rows = countAnswers(whyNot);
      for (const line of textTable(["stage", "reason", "items"], rows))
        cli.io.out(line);
    } else
      for (const each of whyNot) cli.io.out(`${each.item_id}: ${each.text}`);
    if (!replay.identical)
      cli.io.out(`the list is no longer the same: ${replay.difference}`);
  }
  return replay.identical ? EXIT.ok : EXIT.attention;
}

/** Every item of the catalogue is in one line. */
function countAnswers(answers: readonly WhyNot[]): (string | number)[][] {
  const counts = new Map<string, (string | number)[]>();
  for (const { stage, reason } of answers) {
    const key = `${stage}/${reason}`;
    const row = counts.get(key) ?? [stage, reason, 0];
    row[2] = Number(row[2]) + 1;
    counts.set(key, row);
  }
  return [...counts.values()];
}

async function checkSample(
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
  const replayer = replayerOf(place);
  const progress = createProgress(cli.io, "why-not");
  const wrong: { request_id: string; differences: string[] }[] = [];
  let answers = 0;
  for (const [done, { record }] of decisions.entries()) {
    cli.io.signal.throwIfAborted();
    progress.update(done, decisions.length, "");
    const { result, difference } = await replayer.explain(record);
    answers += result.whyNot.length;
    const differences = checkAbsence(record, result.whyNot);
    if (difference !== "") differences.unshift(difference);
    if (differences.length > 0)
      wrong.push({ request_id: record.request_id, differences });
  }
  progress.stop();
  const decided = decisions.length;
  if (options.json === true) {
    cli.io.out(JSON.stringify({ decisions: decided, answers, wrong }));
  } else {
    cli.io.out(
      `${answers} answers for ${decided} decisions: ${decided - wrong.length} agree with what the stages recorded`,
    );
    for (const { request_id, differences } of wrong)
      cli.io.out(`  ${request_id}: ${differences[0] ?? ""}`);
  }
  return wrong.length === 0 ? EXIT.ok : EXIT.attention;
}

function replayerOf({ platform, tenant }: Place) {
  return createReplayer({
    store: platform.store,
    tenant: tenant.tenantId,
    objects: platform.objectsFor(tenant),
  });
}
