import { resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Serves the files that a directory holds now at `/`, in a context of its own. */
export function registerStatic(app: FastifyInstance, directory: string): void {
  void app.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root: resolve(directory),
      prefix: "/",
      // A route for each file: no other address reaches the disk.
      wildcard: false,
      acceptRanges: false,
      setHeaders(reply) {
        reply.header("x-content-type-options", "nosniff");
      },
    });
  });
}
