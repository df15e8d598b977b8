import type { Io } from "./io.ts";

/** A world that keeps what is said to it. */
export interface SilentIo extends Io {
  readonly lines: string[];
  readonly notes: string[];
}

export function silentIo(environment: Io["environment"]): SilentIo {
  const lines: string[] = [];
  const notes: string[] = [];
  return {
    environment,
    lines,
    notes,
    out: (line) => {
      lines.push(line);
    },
    note: (line) => {
      notes.push(line);
    },
    isTerminal: false,
    signal: new AbortController().signal,
    now: () => Date.now(),
  };
}
