import Type from "typebox";
import { readRoute } from "../../http/route.ts";

/** GET /metrics */
export const metricsRoute = readRoute({
  name: "metrics",
  method: "GET",
  url: "/metrics",
  permission: "public",
  tag: "health",
  summary: "Metrics in the text format of Prometheus.",
  answer: Type.String(),
  handle: async ({ context }) => {
    const { registry } = context.metrics;
    const value = await registry.metrics();
    return { text: { type: registry.contentType, value } };
  },
});
