import { ALGO_VERSION } from "@recsys/ranking";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";

/** GET /version */
export const versionRoute = readRoute({
  name: "version",
  method: "GET",
  url: "/version",
  permission: "public",
  tag: "health",
  summary: "Release, ranking algorithm and runtime of this process.",
  answer: Type.Object({
    version: Type.String(),
    algo_version: Type.String(),
    node: Type.String(),
    threads: Type.Integer(),
  }),
  handle: ({ context }) => ({
    body: {
      version: context.version,
      algo_version: ALGO_VERSION,
      node: process.versions.node,
      threads: 1,
    },
  }),
});
