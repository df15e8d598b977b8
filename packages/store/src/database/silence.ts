import type pg from "pg";

/** Parts of the driver that its type declarations leave out. */
interface Client {
  /** False while a statement is under way. */
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: Wire };
}
type Wire = pg.Connection["stream"] & {
  readonly bytesRead: number;
  setTimeout(ms: number): unknown;
};

/**
 * Drops a connection whose statement has moved no byte either way for so long,
 * so that its caller fails and the pool makes another. Rows that keep coming,
 * a reader that is slower than they are, and a transaction whose caller does
 * something else are left alone.
 */
export function dropWhenSilent(pooled: pg.PoolClient, silenceMs: number): void {
  const client = pooled as unknown as Client;
  const socket = client.connection.stream;
  socket.setTimeout(silenceMs);
  socket.on("timeout", () => {
    const { bytesRead } = socket;
    // A process that was busy itself reads what has come meanwhile before this.
    setImmediate(() => {
      const isWaiting = !client.readyForQuery;
      const isSilent = socket.bytesRead === bytesRead && !socket.isPaused();
      if (!isWaiting || !isSilent) return;
      const error = new Error(`no answer from the database in ${silenceMs} ms`);
      socket.destroy(Object.assign(error, { code: "ETIMEDOUT" }));
    });
  });
}
