import { once } from "node:events";
import { toError } from "@recsys/contracts";
import type pg from "pg";

/** Takes a piece; it is only valid until the call returns. A promise makes the server wait. */
export type CopyConsumer = (piece: Buffer) => Promise<void> | undefined;

/** What the driver calls on an active query, as far as COPY uses it. */
interface CopyQuery extends pg.Submittable {
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleCommandComplete(message: { text: string }): void;
  handleCopyData(message: { chunk: Buffer }, connection: CopyConnection): void;
  handleCopyInResponse(connection: CopyConnection): void;
}

/** Parts of the driver's connection that its type declarations leave out. */
interface CopyConnection extends pg.Connection {
  sendCopyFromChunk(piece: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** Anything that runs queries one after the other. */
type Client = pg.Client | pg.PoolClient;

/** Runs `copy … to stdout` and hands on the bytes as they come; returns the number of rows. */
export function copyOut(
  client: Client,
  text: string,
  consume: CopyConsumer,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let failure: unknown = null;
    let waiting = 0;
    let rows = 0;
    let ended = false;
    const settle = () => {
      if (!ended || waiting > 0) return;
      if (failure === null) resolve(rows);
      else reject(toError(failure));
    };
    const query: CopyQuery = {
      submit: (connection) => {
        connection.query(text);
      },
      handleCopyData({ chunk }, connection) {
        if (failure !== null) return;
        try {
          const pause = consume(chunk);
          if (pause === undefined) return;
          waiting += 1;
          connection.stream.pause();
          pause
            .catch((error: unknown) => (failure ??= error))
            .finally(() => {
              waiting -= 1;
              if (waiting === 0) connection.stream.resume();
              settle();
            });
        } catch (error) {
          // The rest still has to be read off the wire before the next query.
          failure = error;
        }
      },
      handleError(error) {
        failure ??= error;
        ended = true;
        settle();
      },
      handleReadyForQuery() {
        ended = true;
        settle();
      },
      handleCommandComplete({ text: tag }) {
        rows = rowsOf(tag);
      },
      handleCopyInResponse: refuseCopyIn,
    };
    client.query(query);
  });
}

/** Runs `copy … from stdin` with the pieces of a source; an error of the source rolls it back. Returns the number of rows. */
export function copyIn(
  client: Client,
  text: string,
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null;
    let rows = 0;
    const query: CopyQuery = {
      submit: (connection) => {
        connection.query(text);
      },
      handleCopyData: () => undefined,
      handleCommandComplete({ text: tag }) {
        rows = rowsOf(tag);
      },
      handleCopyInResponse(connection) {
        void pump(connection, source);
      },
      handleError(error) {
        failure = error;
        reject(error);
      },
      handleReadyForQuery() {
        if (failure === null) resolve(rows);
      },
    };
    client.query(query);
  });
}

async function pump(
  connection: CopyConnection,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    for await (const piece of source) {
      connection.sendCopyFromChunk(piece);
      if (connection.stream.writableNeedDrain) {
        await once(connection.stream, "drain");
      }
    }
    connection.endCopyFrom();
  } catch (error) {
    // The server turns this into an error of the statement, which rejects copyIn.
    connection.sendCopyFail(toError(error).message);
  }
}

/** `COPY 12` → 12. */
function rowsOf(tag: string): number {
  return Number(tag.split(" ").at(-1));
}

function refuseCopyIn(connection: CopyConnection): void {
  connection.sendCopyFail("this statement takes no rows");
}

/** Signature, flags and length of the header extension. */
const BINARY_HEADER_BYTES = 19;

/**
 * Reads `copy (select <one bytea>) … to stdout (format binary)`: hands on the
 * bytes of each value in pieces as they arrive, and ignores the framing.
 */
export function binaryColumn(onBytes: (piece: Buffer) => void): CopyConsumer {
  let skip = BINARY_HEADER_BYTES;
  let inValue = 0;
  let framing = Buffer.alloc(0);
  return (piece) => {
    let at = 0;
    while (at < piece.length) {
      if (skip > 0) {
        const taken = Math.min(skip, piece.length - at);
        skip -= taken;
        at += taken;
      } else if (inValue > 0) {
        const taken = Math.min(inValue, piece.length - at);
        onBytes(piece.subarray(at, at + taken));
        inValue -= taken;
        at += taken;
      } else {
        // A row is a count of fields (1, or -1 at the end) and a length before each.
        const taken = Math.min(6 - framing.length, piece.length - at);
        framing = Buffer.concat([framing, piece.subarray(at, at + taken)]);
        at += taken;
        if (framing.length === 6 && framing.readInt16BE(0) === 1) {
          inValue = Math.max(0, framing.readInt32BE(2));
          framing = Buffer.alloc(0);
        }
      }
    }
    return undefined;
  };
}
