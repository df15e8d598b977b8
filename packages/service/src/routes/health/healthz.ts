import Type from "typebox";
import { readRoute } from "../../http/route.ts";

/** GET /healthz */
export const healthzRoute = readRoute({
  name: "healthz",
  method: "GET",
  url: "/healthz",
  permission: "public",
  tag: "health",
  summary: "The process answers.",
  answer: Type.Object({ status: Type.String() }),
  handle: () => ({ body: { status: "ok" } }),
});
