import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "@recsys/contracts";
import Type from "typebox";
import { namesLoopback } from "../../auth/authenticate.ts";
import { isLoopback } from "../../config.ts";
import type { ServiceContext } from "../../context.ts";
import { readRoute, type Call } from "../../http/route.ts";

/** GET /metrics */
export const metricsRoute = readRoute({
  name: "metrics",
  method: "GET",
  url: "/metrics",
  permission: "public",
  tag: "health",
  summary:
    "Metrics in the text format of Prometheus, of all tenants: for METRICS_TOKEN, or without one on the machine itself.",
  answer: Type.String(),
  errors: ["UNAUTHENTICATED"],
  handle: async ({ context, headers }) => {
    requireReader(context.config, headers);
    const { registry } = context.metrics;
    const value = await registry.metrics();
    return { text: { type: registry.contentType, value } };
  },
});

/** Keys belong to a tenant, and metrics name all of them: so they have a token of their own. */
function requireReader(
  { metricsToken, host }: ServiceContext["config"],
  headers: Call<never, never, never>["headers"],
): void {
  if (metricsToken === null) {
    if (isLoopback(host) && namesLoopback(headers["host"])) return;
    throw new ApiError("UNAUTHENTICATED", {
      detail:
        "Metrics are shown on the machine itself only, until METRICS_TOKEN is set.",
    });
  }
  const given = /^Bearer +(\S+)$/i.exec(String(headers["authorization"]))?.[1];
  if (given !== undefined && isSame(given, metricsToken)) return;
  throw new ApiError("UNAUTHENTICATED", {
    detail: "Send Authorization: Bearer with the METRICS_TOKEN of the service.",
  });
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
