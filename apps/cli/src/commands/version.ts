import { ALGO_VERSION } from "@recsys/ranking";
import { Command } from "commander";
import { withJson, type Cli, type JsonOption } from "../command.ts";
import { EXIT } from "../io.ts";
import { productVersion } from "../versions.ts";

export function versionCommand(cli: Cli): Command {
  return withJson(new Command("version"))
    .description("Print the versions of the product, of ranking and of Node.")
    .action(
      cli.action((options: JsonOption) => {
        const versions = {
          recsys: productVersion(),
          algo_version: ALGO_VERSION,
          node: process.versions.node,
        };
        if (options.json === true) cli.io.out(JSON.stringify(versions));
        else {
          for (const [name, version] of Object.entries(versions)) {
            cli.io.out(`${name} ${version}`);
          }
        }
        return Promise.resolve(EXIT.ok);
      }),
    );
}
