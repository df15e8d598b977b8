import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import type { OpenApiDocument } from "./http/openapi.ts";

/** /openapi.json and /docs in a context of their own: their plugins cost the other routes nothing. */
export function registerDocs(
  app: FastifyInstance,
  document: OpenApiDocument,
): void {
  const text = JSON.stringify(document);
  app.get("/openapi.json", (_request, reply) =>
    reply.type("application/json; charset=utf-8").send(text),
  );
  void app.register(async (scope) => {
    await scope.register(swagger, {
      mode: "static",
      specification: { document: document as never },
    });
    await scope.register(swaggerUi, { routePrefix: "/docs" });
  });
}
