import { Presets, SingleBar } from "cli-progress";
import type { Io } from "./io.ts";

export interface Progress {
  /** `note` stands at the end of the bar. */
  update(done: number, total: number, note: string): void;
  /** One line for good, above the bar. */
  line(text: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly quarters?: boolean;
  /** Where a bar is drawn; standard error unless said. */
  readonly screen?: NodeJS.WritableStream;
}

/**
 * What shows that long work goes on: a bar where somebody watches. Elsewhere,
 * in logs and pipes, nothing but the lines that are said, and with `quarters`
 * one line for each quarter of the way.
 */
export function createProgress(
  io: Io,
  label: string,
  options: ProgressOptions = {},
): Progress {
  if (io.isTerminal) return barOn(io, label, options.screen ?? process.stderr);
  return options.quarters === true ? quarterLines(io, label) : silence(io);
}

function silence(io: Io): Progress {
  return {
    update: () => undefined,
    line: (text) => {
      io.note(text);
    },
    stop: () => undefined,
  };
}

function quarterLines(io: Io, label: string): Progress {
  let told = 0;
  return {
    ...silence(io),
    update: (done, total, note) => {
      const quarters = Math.floor((4 * done) / Math.max(total, 1));
      if (quarters > told) io.note(`${label}: ${quarters * 25} % ${note}`);
      // The next file begins anew.
      told = quarters;
    },
  };
}

function barOn(io: Io, label: string, screen: NodeJS.WritableStream): Progress {
  const bar = new SingleBar(
    {
      format: `${label} [{bar}] {percentage}% {duration_formatted} {note}`,
      clearOnComplete: true,
      hideCursor: true,
      // The seconds go on while a step of the work takes its time.
      forceRedraw: true,
      stream: screen,
    },
    Presets.shades_classic,
  );
  let started = false;
  const stop = () => {
    if (started) bar.stop();
    started = false;
  };
  return {
    update: (done, total, note) => {
      // After a line it goes on from where it was.
      if (!started) bar.start(Math.max(total, 1), done, { note });
      started = true;
      bar.setTotal(Math.max(total, 1));
      bar.update(done, { note });
    },
    line: (text) => {
      stop();
      io.note(text);
    },
    stop,
  };
}
