import type { ServerFailure } from "./server-error.ts";

/** What the supervisor tells every process that is connected, one JSON object a line. */
export type SupervisorMessage =
  | { readonly kind: "starting" }
  | { readonly kind: "note"; readonly line: string }
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "stopping" }
  | {
      readonly kind: "failed";
      readonly code: ServerFailure;
      readonly message: string;
    };

/** What the supervisor prints for the process that launched it, before it is detached. */
export type LaunchLine = "listening" | "busy";

/** Sent by a process that leaves on purpose: as the last one it need not wait for the grace. */
export const LEAVE = "leave\n";

/** Calls back once per complete line of a stream of chunks. */
export function lineReader(onLine: (line: string) => void) {
  let rest = "";
  return (chunk: Buffer | string): void => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  };
}
