import { resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Serves a directory at `/`, in a context of its own. */
export function registerStatic(app: FastifyInstance, directory: string): void {
  void app.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root: resolve(directory),
      prefix: "/",
      setHeaders(reply) {
        reply.header("x-content-type-options", "nosniff");
      },
    });
  });
}
