import { SlugName, Surface, type ConfigDocument } from "@recsys/contracts";
import { requireGoodConfig } from "../../admin/config-errors.ts";
import { editDocument, etagOf, requireMatch } from "../../admin/documents.ts";
import { jsonRoute } from "../../http/route.ts";
import { Changed, DEFAULT_REASON, ReasonField } from "../edit-shapes.ts";
import { closed, namespaceIn, queryOf } from "../shapes.ts";

/** PUT /v1/admin/surfaces/:surface */
export const writeSurfaceRoute = jsonRoute({
  name: "writeSurface",
  method: "PUT",
  url: "/v1/admin/surfaces/:surface",
  permission: "config:write",
  tag: "configuration",
  summary:
    "Register one surface, or replace it; the others stay. If-Match names the section that the author has seen.",
  params: closed({ surface: SlugName }),
  query: queryOf({ reason: ReasonField }),
  body: Surface,
  answer: Changed,
  errors: ["PRECONDITION_REQUIRED", "VERSION_CONFLICT"],
  handle: async ({ context, caller, headers, params, query, body }) => {
    const namespace = namespaceIn(query);
    let etag = "";
    const made = await editDocument<ConfigDocument>(
      context,
      {
        caller,
        namespace,
        pointer: "config",
        reason: query.reason ?? DEFAULT_REASON,
      },
      (live) => {
        requireMatch(headers, etagOf(live.surfaces));
        const surfaces = { ...live.surfaces, [params.surface]: body };
        const config = { ...live, surfaces };
        requireGoodConfig(config, { namespace, section: "surfaces" });
        etag = etagOf(surfaces);
        return config;
      },
    );
    return {
      headers: { etag },
      body: { change_id: made.changeId, version: made.version },
    };
  },
});
