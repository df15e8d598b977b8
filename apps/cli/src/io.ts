/** How a command talks to the world; tests hand in their own. */
export interface Io {
  /** The settings: environment variables by name. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line of results, to stdout. */
  out(line: string): void;
  /** One line about the work itself, to stderr. */
  note(line: string): void;
  /** Whether somebody watches: progress bars are drawn only then. */
  readonly isTerminal: boolean;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Unix milliseconds. */
  now(): number;
}

/** What a command's process ends with. Documented in the README. */
export const EXIT = {
  ok: 0,
  /** Something went wrong, or the command line is not understood. */
  error: 1,
  /** The command did its work and found something to look at: hold, stale, pending, different. */
  attention: 2,
  /** A gate says no. */
  fail: 3,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
