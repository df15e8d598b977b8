import { ApiError, type Posteriors } from "@recsys/contracts";
import { reportArms } from "@recsys/ranking";
import { learned } from "@recsys/store";
import { Command } from "commander";
import { audit } from "../audit.ts";
import {
  withJson,
  withPlace,
  type Cli,
  type JsonOption,
  type PlaceOptions,
} from "../command.ts";
import { EXIT } from "../io.ts";
import { onPlace } from "../platform.ts";
import { textTable } from "../text-table.ts";

export function banditsCommand(cli: Cli): Command {
  return new Command("bandits")
    .description(
      "See what bandits and exploration slots learned, or forget it.",
    )
    .addCommand(list(cli))
    .addCommand(reset(cli));
}

function list(cli: Cli): Command {
  return withJson(withPlace(new Command("list")))
    .description("List every arm that was tried, bandit by bandit.")
    .action(
      cli.action((options: PlaceOptions & JsonOption) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const posteriors = await platform.store.inTenant(
            tenant.tenantId,
            (tx) => learned.load(tx, namespace),
          );
          const rows = rowsOf(posteriors?.arms ?? []);
          if (options.json === true) cli.io.out(JSON.stringify(rows));
          else if (rows.length === 0) cli.io.out("nothing is learned yet");
          else {
            const table = textTable(
              ["bandit", "arm", "trials", "mean", "95 %"],
              rows.map(({ bandit, arm, trials, mean_reward, interval }) => [
                bandit,
                arm,
                String(trials),
                mean_reward?.toFixed(4) ?? "",
                interval.map((value) => value.toFixed(4)).join(" … "),
              ]),
            );
            for (const line of table) cli.io.out(line);
          }
          return EXIT.ok;
        }),
      ),
    );
}

function rowsOf(arms: Posteriors["arms"]) {
  const bandits = [...new Set(arms.map(({ bandit }) => bandit))].sort();
  return bandits.flatMap((bandit) =>
    reportArms({
      names: [],
      learned: arms.filter((arm) => arm.bandit === bandit && arm.trials > 0),
      draws: [],
    }).map(({ arm, trials, mean_reward, interval }) => ({
      bandit,
      arm,
      trials,
      mean_reward,
      interval,
    })),
  );
}

interface ResetOptions extends PlaceOptions {
  readonly arm?: string;
}

function reset(cli: Cli): Command {
  return withPlace(new Command("reset"))
    .description(
      "Forget what a bandit learned, and the draws that are not counted yet.",
    )
    .argument("<bandit>", "its id, or slots:<surface> for exploration slots")
    .option("--arm <name>", "this arm alone")
    .action(
      cli.action((bandit: string, options: ResetOptions) =>
        onPlace(cli, options, async ({ platform, tenant, namespace }) => {
          const { arm } = options;
          const which = arm === undefined ? { bandit } : { bandit, arm };
          const { tenantId } = tenant;
          const arms = await platform.store.inTenant(tenantId, (tx) =>
            learned.reset(tx, namespace, which),
          );
          if (arms === 0) {
            throw new ApiError("NOT_FOUND", {
              detail: `Nothing is learned of ${bandit}${arm === undefined ? "" : `, arm ${arm}`}.`,
              fix: "`recsys bandits list` shows what there is.",
            });
          }
          await audit(platform, tenantId, {
            action: "bandit.reset",
            subject: `${namespace}/${bandit}${arm === undefined ? "" : `/${arm}`}`,
          });
          cli.io.out(`${bandit} forgot ${arms} ${arms === 1 ? "arm" : "arms"}`);
          return EXIT.ok;
        }),
      ),
    );
}
