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

/**
 * The result of the work, or a rejection as soon as the process is asked to
 * end: for work that cannot be told to stop, and that leaves nothing half done
 * when the process goes.
 */
export async function orStopped<T>(
  { signal }: Io,
  work: Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const stop = () => {
      reject(
        signal.reason instanceof Error ? signal.reason : new Error("stopped"),
      );
    };
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", stop);
    });
  });
}
