import { Presets, SingleBar } from "cli-progress";
import type { Io } from "./io.ts";

export interface Progress {
  /** `note` stands at the end of the bar. */
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** A bar on stderr where somebody watches; silence in logs and pipes. */
export function createProgress(io: Io, label: string): Progress {
  if (!io.isTerminal) {
    return { update: () => undefined, stop: () => undefined };
  }
  const bar = new SingleBar(
    {
      format: `${label} [{bar}] {percentage}% {note}`,
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (done, total, note) => {
      if (!started) bar.start(Math.max(total, 1), 0, { note });
      started = true;
      bar.setTotal(Math.max(total, 1));
      bar.update(done, { note });
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}
