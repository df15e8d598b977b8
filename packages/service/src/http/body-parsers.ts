import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseBody, parsePlain, type ParsedBody } from "./parse-body.ts";

/** Limits in bytes, of the body as sent and as decompressed. */
export const BODY_LIMITS = {
  json: 1 * 1024 * 1024,
  rows: 8 * 1024 * 1024,
  file: 4 * 1024 * 1024 * 1024,
} as const;

type Done = (error: Error | null, body?: ParsedBody) => void;

/** JSON and JSON lines, with positions in errors and gzip; everything else is 415. */
export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ["application/json", "application/*+json"],
    { parseAs: "buffer" },
    (request, bytes, done) => {
      parse(request, { bytes: bytes as Buffer, isLines: false }, done);
    },
  );
  app.addContentTypeParser(
    ["application/x-ndjson", "application/jsonl"],
    { parseAs: "buffer" },
    (request, bytes, done) => {
      parse(request, { bytes: bytes as Buffer, isLines: true }, done);
    },
  );
}

/** Files stay streams, whatever their type. */
export function addFileParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => {
    done(null, payload);
  });
}

function parse(
  request: FastifyRequest,
  body: { readonly bytes: Buffer; readonly isLines: boolean },
  done: Done,
): void {
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined) {
    try {
      done(null, parsePlain(body.bytes, body.isLines));
    } catch (error) {
      done(error as Error);
    }
    return;
  }
  const form = {
    encoding,
    isLines: body.isLines,
    maxBytes: request.routeOptions.bodyLimit,
  };
  parseBody(body.bytes, form).then(
    (parsed) => {
      done(null, parsed);
    },
    (error: unknown) => {
      done(error as Error);
    },
  );
}
