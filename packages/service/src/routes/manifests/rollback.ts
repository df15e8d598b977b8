import { goBack } from "../../admin/history.ts";
import { verifyManifest } from "../../admin/verify-manifest.ts";
import { jsonRoute } from "../../http/route.ts";
import { BackTo, Changed } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/admin/manifests/rollback */
export const rollBackManifestRoute = jsonRoute({
  name: "rollBackManifest",
  method: "POST",
  url: "/v1/admin/manifests/rollback",
  permission: "manifest:activate",
  tag: "manifests",
  summary: "Back to the manifest before the live one, or to the version given.",
  query: queryOf({}),
  body: BackTo,
  answer: Changed,
  errors: ["NOT_FOUND", "ARTIFACT_INVALID", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const made = await goBack(context, {
      caller,
      namespace: namespaceIn(query),
      pointer: "manifest",
      reason: body.reason,
      version: body.version,
      verify: (content) => verifyManifest(context, caller.tenant, content),
    });
    return { body: { change_id: made.changeId, version: made.version } };
  },
});
