import { Command } from "commander";
import { withJson, type Cli, type JsonOption } from "../command.ts";
import { examine } from "../examine.ts";
import type { Finding } from "../finding.ts";
import { EXIT } from "../io.ts";
import { textTable } from "../text-table.ts";

export function doctorCommand(cli: Cli): Command {
  return withJson(new Command("doctor"))
    .description(
      "Check what can be computed: Node, settings, database, migrations, disk, what is live and whether it can be loaded; exits with 2 when something wants attention.",
    )
    .action(
      cli.action(async (options: JsonOption) => {
        const findings = await examine(cli);
        if (options.json === true) cli.io.out(JSON.stringify(findings));
        else
          for (const line of textTable(
            ["check", "", "found", "fix"],
            findings.map(row),
          ))
            cli.io.out(line);
        return findings.every((one) => one.ok) ? EXIT.ok : EXIT.attention;
      }),
    );
}

function row({ check, ok, found, fix }: Finding): string[] {
  return [check, ok ? "ok" : "LOOK", found, ok ? "" : fix];
}
