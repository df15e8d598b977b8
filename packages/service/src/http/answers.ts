import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { Answer, Route } from "./route.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const LINES_TYPE = "application/x-ndjson; charset=utf-8";

/** Sends an answer; JSON is made here, not by a serialiser of the framework. */
export function sendAnswer(
  reply: FastifyReply,
  route: Route,
  answer: Answer,
): FastifyReply {
  void reply.status(answer.status ?? route.answerStatus);
  if (answer.headers !== undefined) void reply.headers(answer.headers);
  if (answer.text !== undefined) {
    return reply.type(answer.text.type).send(answer.text.value);
  }
  if (answer.stream !== undefined) {
    return reply.type(answer.stream.type).send(answer.stream.value);
  }
  if (answer.lines !== undefined) {
    return reply.type(LINES_TYPE).send(Readable.from(toLines(answer.lines)));
  }
  return reply.type(JSON_TYPE).send(JSON.stringify(answer.body));
}

async function* toLines(rows: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}
