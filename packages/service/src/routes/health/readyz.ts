import Type from "typebox";
import { readRoute } from "../../http/route.ts";

/** GET /readyz */
export const readyzRoute = readRoute({
  name: "readyz",
  method: "GET",
  url: "/readyz",
  permission: "public",
  tag: "health",
  summary:
    "A verified snapshot is loaded, whatever its age; its age shows in /health/detailed.",
  answer: Type.Object({ status: Type.String(), snapshots: Type.Integer() }),
  errors: ["NOT_READY"],
  handle: ({ context }) => {
    const snapshots = context.snapshots.states().length;
    const isReady = context.readiness.isWarm && !context.readiness.isClosing;
    return {
      status: isReady ? 200 : 503,
      ...(isReady ? {} : { headers: { "retry-after": "1" } }),
      body: { status: isReady ? "ready" : "not_ready", snapshots },
    };
  },
});
