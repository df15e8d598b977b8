import { Command, CommanderError } from "commander";
import { COMMANDS } from "./commands/index.ts";
import type { Cli } from "./command.ts";
import { explain } from "./explain.ts";
import { EXIT, type ExitCode, type Io } from "./io.ts";
import { unknownSettings } from "./settings.ts";

/** Runs one command line, without the name of the program, and gives its exit code. */
export async function runCli(
  args: readonly string[],
  io: Io,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const cli: Cli = {
    io,
    action:
      (run) =>
      async (...given) => {
        for (const line of unknownSettings(io.environment)) io.note(line);
        code = await run(...given);
      },
  };
  try {
    await createProgram(cli).parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.ok : EXIT.error;
    }
    if (io.signal.aborted) {
      io.note("stopped");
      return EXIT.interrupted;
    }
    for (const line of explain(error)) io.note(line);
    return EXIT.error;
  }
}

/** The whole command tree; `recsys --help` is its list. */
export function createProgram(cli: Cli): Command {
  const program = new Command("recsys")
    .description("A recommendation platform that you run yourself.")
    .showHelpAfterError("Add --help for what this command takes.")
    .addHelpText("after", EXIT_CODES);
  for (const make of COMMANDS) program.addCommand(make(cli));
  settle(program, cli.io);
  return program;
}

/** Errors of the command line become exceptions, so that one place ends the process. */
function settle(command: Command, io: Io): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => {
      io.out(text.trimEnd());
    },
    writeErr: (text) => {
      io.note(text.trimEnd());
    },
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
  });
  command.configureHelp({ showGlobalOptions: false });
  for (const inner of command.commands) settle(inner, io);
}

const EXIT_CODES = `
Exit codes: 0 done; 1 error, with a code and what to do on stderr; 2 done, and
something wants attention (a gate says hold, a job is stale, migrations are
pending, a replay differs); 3 a gate says fail; 130 stopped by Ctrl-C.
Settings are environment variables: recsys config settings.`;
