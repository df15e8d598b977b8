import type { Command } from "commander";
import type { ExitCode, Io } from "./io.ts";

/** What a command file gets: the world, and the way to hand its exit code back. */
export interface Cli {
  readonly io: Io;
  /** Wraps the work of a command for commander. */
  action<A extends unknown[]>(
    run: (...args: A) => Promise<ExitCode>,
  ): (...args: A) => Promise<void>;
}

export type MakeCommand = (cli: Cli) => Command;

/** The options of every command that works on one namespace of one tenant. */
export interface PlaceOptions {
  readonly tenant?: string;
  readonly namespace: string;
}

export function withPlace(command: Command): Command {
  return command
    .option(
      "--tenant <name>",
      "tenant; unset: RECSYS_TENANT, else demo, else the only one",
    )
    .option("--namespace <name>", "namespace of the tenant", "default");
}

export interface JsonOption {
  readonly json?: boolean;
}

export function withJson(command: Command): Command {
  return command.option("--json", "print JSON for scripts");
}
