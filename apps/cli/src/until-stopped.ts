import type { Io } from "./io.ts";

/** Resolves when Ctrl-C or SIGTERM asks the process to end. */
export function untilStopped({ signal }: Io): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // A timer keeps the process alive where nothing else does.
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener(
      "abort",
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}
