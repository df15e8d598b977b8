import { Command } from "commander";
import type { Cli } from "../command.ts";
import { composeService } from "../compose.ts";
import { EXIT } from "../io.ts";
import { onPlatform } from "../platform.ts";
import { untilStopped } from "../until-stopped.ts";

export function serveCommand(cli: Cli): Command {
  return new Command("serve")
    .description(
      "Serve the API on HOST and PORT; no schedules, and it learns only when the API is asked to.",
    )
    .addHelpText(
      "after",
      "\nBeside it, recsys worker runs what is due. recsys up does both in one process.",
    )
    .action(
      cli.action(() =>
        onPlatform(cli, async (platform) => {
          const service = composeService(platform, cli.io);
          try {
            const { url } = await service.start();
            cli.io.note(`serving on ${url}`);
            await untilStopped(cli.io);
          } finally {
            await service.close();
          }
          return EXIT.ok;
        }),
      ),
    );
}
