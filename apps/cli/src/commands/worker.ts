import { Command } from "commander";
import type { Cli } from "../command.ts";
import { EXIT } from "../io.ts";
import { onPlatform } from "../platform.ts";
import { untilStopped } from "../until-stopped.ts";
import { startWorker, workOnce } from "../worker.ts";

export function workerCommand(cli: Cli): Command {
  return new Command("worker")
    .description("Run the schedules that are due, until it is stopped.")
    .option("--once", "run what is due now and end")
    .action(
      cli.action((options: { readonly once?: boolean }) =>
        onPlatform(cli, async (platform) => {
          if (options.once === true) {
            const isWell = await workOnce(platform, cli.io);
            return isWell ? EXIT.ok : EXIT.error;
          }
          const worker = startWorker(platform, cli.io);
          cli.io.note("working; Ctrl-C stops after the run that is under way");
          await untilStopped(cli.io);
          await worker.stop();
          return EXIT.ok;
        }),
      ),
    );
}
