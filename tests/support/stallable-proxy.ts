import { connect, createServer, type Socket } from "node:net";

/** Stands between a service and its database, and can fall silent. */
export interface StallableProxy {
  /** The given address, by way of this proxy. */
  readonly url: string;
  /** From now on nothing gets through either way: on the connections that are open, or on new ones neither. */
  stall(which: "open" | "all"): void;
  /** What was held back goes on. */
  resume(): void;
  close(): Promise<void>;
}

/** Forwards bytes to the host and port of `url`. */
export async function stallableProxy(url: string): Promise<StallableProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isStalled = false;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from);
      if (isStalled) from.pause();
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String(typeof address === "object" ? address?.port : "");
  const all = (act: (socket: Socket) => void): void => {
    for (const socket of sockets) act(socket);
  };
  return {
    url: through.href,
    stall: (which) => {
      isStalled = which === "all";
      all((socket) => socket.pause());
    },
    resume: () => {
      isStalled = false;
      all((socket) => socket.resume());
    },
    close: async () => {
      all((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
