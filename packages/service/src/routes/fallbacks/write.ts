import {
  ApiError,
  EntityId,
  SegmentLists,
  Timestamp,
  type FallbackLists,
} from "@recsys/contracts";
import Type from "typebox";
import { editDocument, etagOf, requireMatch } from "../../admin/documents.ts";
import { fallbackErrors } from "../../admin/fallback-errors.ts";
import { jsonRoute } from "../../http/route.ts";
import { Changed, DEFAULT_REASON, ReasonField } from "../edit-shapes.ts";
import { closed, namespaceIn, queryOf } from "../shapes.ts";
import { SurfaceParams } from "./surface.ts";

/** PUT /v1/admin/fallbacks/:surface */
export const writeFallbackRoute = jsonRoute({
  name: "writeFallback",
  method: "PUT",
  url: "/v1/admin/fallbacks/:surface",
  permission: "fallbacks:write",
  tag: "fallbacks",
  summary:
    "Replace the fallback list of a surface at once. If-Match is heeded where it is sent, not asked for: this is for emergencies.",
  params: SurfaceParams,
  query: queryOf({ reason: ReasonField }),
  body: closed({
    item_ids: Type.Array(EntityId, { minItems: 1, maxItems: 1000 }),
    owner: Type.String({ minLength: 1, maxLength: 200 }),
    expires_at: Timestamp,
    segments: Type.Optional(SegmentLists),
  }),
  answer: Changed,
  errors: ["FALLBACK_INVALID", "SURFACE_UNKNOWN", "VERSION_CONFLICT"],
  handle: async ({ context, caller, headers, params, query, body }) => {
    const { surface } = params;
    const namespace = namespaceIn(query);
    const { loaded } = await context.snapshots.ensure(caller.tenant, namespace);
    if (!Object.hasOwn(loaded.config.content.surfaces, surface)) {
      throw new ApiError("SURFACE_UNKNOWN");
    }
    const list = { ...body, source: "manual" as const };
    const facts = { snapshot: loaded.snapshot, surface, now: context.clock() };
    const errors = fallbackErrors(list, facts);
    if (errors.length > 0) throw new ApiError("FALLBACK_INVALID", { errors });
    const reason = query.reason ?? DEFAULT_REASON;
    const made = await editDocument<FallbackLists>(
      context,
      { caller, namespace, pointer: "fallbacks", reason },
      (live) => {
        if (headers["if-match"] !== undefined) {
          requireMatch(headers, etagOf(live.lists[surface] ?? null));
        }
        return { lists: { ...live.lists, [surface]: list } };
      },
    );
    return {
      headers: { etag: etagOf(list) },
      body: { change_id: made.changeId, version: made.version },
    };
  },
});
