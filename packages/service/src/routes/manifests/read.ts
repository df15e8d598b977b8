import { ApiError, Manifest, versionName } from "@recsys/contracts";
import { versionContent } from "@recsys/store";
import { readRoute } from "../../http/route.ts";
import { documentOf } from "../edit-shapes.ts";
import { closed, namespaceIn, queryOf, VersionNumber } from "../shapes.ts";

/** GET /v1/admin/manifests/:version */
export const readManifestRoute = readRoute({
  name: "readManifest",
  method: "GET",
  url: "/v1/admin/manifests/:version",
  permission: "config:read",
  tag: "manifests",
  summary: "One manifest: which artifact serves each signal.",
  params: closed({ version: VersionNumber }),
  query: queryOf({}),
  answer: documentOf(Manifest),
  errors: ["NOT_FOUND"],
  handle: async ({ context, caller, params, query }) => {
    const address = {
      namespace: namespaceIn(query),
      pointer: "manifest",
    } as const;
    const found = await context.store.inTenant(caller.tenant, (tx) =>
      versionContent(tx, address, params.version),
    );
    if (found === null) {
      throw new ApiError("NOT_FOUND", {
        detail: `There is no manifest ${params.version} in ${address.namespace}.`,
        fix: "GET /v1/admin/manifests lists them.",
      });
    }
    return { body: { version: versionName(found), content: found.content } };
  },
});
