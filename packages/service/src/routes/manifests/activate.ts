import { goTo } from "../../admin/history.ts";
import { verifyManifest } from "../../admin/verify-manifest.ts";
import { jsonRoute } from "../../http/route.ts";
import { Changed, ReasonField } from "../edit-shapes.ts";
import { closed, namespaceIn, queryOf, VersionNumber } from "../shapes.ts";

/** POST /v1/admin/manifests/activate */
export const activateManifestRoute = jsonRoute({
  name: "activateManifest",
  method: "POST",
  url: "/v1/admin/manifests/activate",
  permission: "manifest:activate",
  tag: "manifests",
  summary:
    "Make a manifest of the history live again, after its artifacts are verified.",
  query: queryOf({}),
  body: closed({
    version: VersionNumber,
    reason: ReasonField,
  }),
  answer: Changed,
  errors: ["NOT_FOUND", "ARTIFACT_INVALID", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const made = await goTo(context, {
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
