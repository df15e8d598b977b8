import {
  ensureSchedule,
  listSchedules,
  removeSchedule,
  setSchedule,
  type Schedule,
  type ScheduleState,
} from "@recsys/pipelines";
import { Command } from "commander";
import { names, number, timeText } from "../arguments.ts";
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

interface Options extends PlaceOptions, JsonOption {
  readonly set?: string;
  readonly remove?: string;
  readonly owner?: string;
  readonly objectiveHours?: number;
  readonly cron?: string;
  readonly jobs?: readonly string[];
}

/** `pipelines schedule`: a schedule without owner and objective is refused. */
export function scheduleCommand(cli: Cli): Command {
  return withJson(withPlace(new Command("schedule")))
    .description(
      "List the schedules, or set or remove one; exits with 2 when one is stale.",
    )
    .option("--set <name>", "set up or replace this schedule")
    .option("--owner <name>", "who answers for it")
    .option(
      "--objective-hours <number>",
      "longest age of the last success that is fine",
      number,
    )
    .option(
      "--cron <expression>",
      "when it runs, in UTC; unset: as the objective asks",
    )
    .option("--jobs <names>", "only these jobs", names)
    .option("--remove <name>", "remove this schedule")
    .action(
      cli.action((options: Options) =>
        onPlace(cli, options, async (place) => {
          await change(place, options, cli.io.now());
          const states = await listSchedules(
            place.platform.store,
            place.tenant.tenantId,
            cli.io.now(),
          );
          if (options.json === true) cli.io.out(JSON.stringify(states));
          else
            for (const line of textTable(HEADINGS, states.map(scheduleRow)))
              cli.io.out(line);
          return states.some((state) => state.stale) ? EXIT.attention : EXIT.ok;
        }),
      ),
    );
}

async function change(
  { platform, tenant, namespace }: Place,
  options: Options,
  now: number,
): Promise<void> {
  const address = { store: platform.store, tenant: tenant.tenantId, namespace };
  if (options.remove !== undefined)
    return removeSchedule(address, options.remove);
  if (options.set === undefined) return ensureSchedule(address, now);
  const { owner, objectiveHours, cron, jobs } = options;
  const wanted: Partial<Schedule> = {
    name: options.set,
    ...(owner === undefined ? {} : { owner }),
    ...(objectiveHours === undefined ? {} : { objectiveHours }),
    ...(cron === undefined ? {} : { cron }),
    ...(jobs === undefined ? {} : { jobs }),
  };
  return setSchedule(address, wanted, now);
}

const HEADINGS = [
  "schedule",
  "namespace",
  "owner",
  "objective",
  "cron",
  "last success",
  "next",
  "",
  "last error",
];

function scheduleRow({
  schedule,
  namespace,
  lastSuccessAt,
  dueAt,
  stale,
  lastError,
}: ScheduleState) {
  return [
    schedule.name,
    namespace,
    schedule.owner,
    `${schedule.objectiveHours} h`,
    schedule.cron ?? null,
    timeText(lastSuccessAt),
    timeText(dueAt),
    stale ? "STALE" : "fresh",
    lastError,
  ];
}
