import type { BatchResult, EventInput } from "@recsys/contracts";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient, type ClientOptions } from "../src/client.ts";
import { RecsysError } from "../src/recsys-error.ts";

interface Received {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  /** What the server does instead of answering. */
  readonly instead?: "hang" | "cut" | "stall";
}

const servers: Server[] = [];

/** Ends every server of the test, answered or not. */
export async function stopServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A real server on loopback that gives the replies in turn, the last one for ever. */
export async function serve(...replies: readonly Reply[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const text = Buffer.concat(parts).toString("utf8");
      const reply = replies[Math.min(received.length, replies.length - 1)];
      received.push({
        url: request.url ?? "",
        headers: request.headers,
        body: JSON.parse(text),
      });
      if (reply?.instead === "hang") return;
      if (reply?.instead === "cut") {
        request.socket.destroy();
        return;
      }
      response.writeHead(reply?.status ?? 200, reply?.headers ?? {});
      if (reply?.instead === "stall") {
        response.write("{");
        return;
      }
      response.end(reply?.text ?? JSON.stringify(reply?.body ?? {}));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received };
}

export const slate = {
  items: [{ item_id: "a", rank: 1, score: 0.5 }],
  meta: { request_id: "r1" },
  warnings: [],
};
export const batch: BatchResult = {
  request_id: "r1",
  accepted: 1,
  duplicate: 0,
  rejected: 0,
  results: [{ row: 0, status: "accepted" }],
};
export const view: EventInput = { type: "view", item_id: "a", user_id: "u" };
export const busy: Reply = {
  status: 503,
  headers: { "Retry-After": "3" },
  body: { code: "NOT_READY", title: "not yet" },
};

/** A client whose waits pass at once and are noted. */
export function clientOf(options: ClientOptions) {
  const waits: number[] = [];
  let clock = 1_000_000;
  const client = createClient({
    random: () => 0.5,
    now: () => clock,
    sleep: (ms) => {
      waits.push(ms);
      clock += ms;
      return Promise.resolve();
    },
    ...options,
  });
  return { client, waits };
}

export async function failureOf(call: Promise<unknown>): Promise<RecsysError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof RecsysError) return error;
  throw new Error("expected a RecsysError", { cause: error });
}
