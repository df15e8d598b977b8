import {
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { ApiError } from "@recsys/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServiceContext } from "../context.ts";
import { toProblem } from "./problem.ts";
import { makeRequestId } from "./request-id.ts";

type Needs = Pick<ServiceContext, "clock" | "log">;

interface Refusal {
  readonly status: number;
  readonly detail: string;
}

/** What the parser of HTTP says, for callers; the status is that of HTTP where it has one of its own. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: "The request did not arrive in time.",
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: "The headers are longer than 16 KB together.",
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    detail: "The extensions of a chunk are longer than 16 KB.",
  },
  HPE_INVALID_METHOD: {
    status: 400,
    detail: "The request names no method that HTTP knows.",
  },
  HPE_INVALID_CONTENT_LENGTH: {
    status: 400,
    detail: "Content-Length is not a number of bytes.",
  },
  HPE_UNEXPECTED_CONTENT_LENGTH: {
    status: 400,
    detail:
      "Content-Length stands twice, or beside Transfer-Encoding: one of them is enough.",
  },
  HPE_INVALID_CHUNK_SIZE: {
    status: 400,
    detail: "A chunk of the body does not begin with its length.",
  },
  HPE_INVALID_HEADER_TOKEN: {
    status: 400,
    detail: "A header has a character that headers may not have.",
  },
  HPE_INVALID_EOF_STATE: {
    status: 400,
    detail: "The connection ended before the request did.",
  },
};

/** Answers what the parser refuses, before there is a request: on the socket, as every other problem. */
export function clientErrorHandler(context: Needs) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    const { code = "" } = error;
    if (code === "ECONNRESET" || socket.destroyed) return;
    const refusal = REFUSALS[code] ?? { status: 400, detail: undefined };
    const { requestId, text } = problemText(context, refusal);
    context.log.debug({ request_id: requestId, code: "MALFORMED_HTTP" });
    if (socket.writable) {
      socket.write(
        [
          `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}`,
          ...Object.entries(headersOf(text)).map(
            ([name, value]) => `${name}: ${value}`,
          ),
          "",
          text,
        ].join("\r\n"),
      );
    }
    socket.destroy(error);
  };
}

/** Answers an Expect header other than 100-continue. */
export function refuseExpectations(server: Server, context: Needs): void {
  server.on(
    "checkExpectation",
    (_request: IncomingMessage, response: ServerResponse) => {
      const refusal = {
        status: 417,
        detail: "Of the header Expect only 100-continue is met.",
      };
      const { text } = problemText(context, refusal);
      response.writeHead(refusal.status, headersOf(text)).end(text);
    },
  );
}

/** HTTP/1.1 demands the header; without it a proxy and the service may not mean the same place. */
export function requireHost(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const { headers, httpVersion } = request.raw;
  if (headers.host !== undefined || httpVersion !== "1.1") {
    done();
    return;
  }
  done(
    new ApiError("MALFORMED_HTTP", { detail: "The header Host is missing." }),
  );
}

/** An error that is a caller who hung up before the body was complete: not ours; otherwise null. */
export function hangUp(
  request: IncomingMessage,
  error: unknown,
): ApiError | null {
  const code = (error as { readonly code?: unknown } | null)?.code;
  const isBroken =
    code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
  if (!isBroken || request.complete || !request.destroyed) return null;
  return new ApiError("MALFORMED_HTTP", {
    detail: "The connection ended before the body did.",
    cause: error,
  });
}

function problemText(
  { clock }: Needs,
  {
    status,
    detail,
  }: { readonly status: number; readonly detail?: string | undefined },
): { readonly requestId: string; readonly text: string } {
  const requestId = makeRequestId(null, clock());
  const error = new ApiError(
    "MALFORMED_HTTP",
    detail === undefined ? {} : { detail },
  );
  const text = JSON.stringify({ ...toProblem(error, requestId), status });
  return { requestId, text };
}

function headersOf(text: string): Record<string, string> {
  return {
    "content-type": "application/problem+json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
    connection: "close",
  };
}
