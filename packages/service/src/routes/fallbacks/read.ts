import { ApiError, type FallbackLists } from "@recsys/contracts";
import Type from "typebox";
import { etagOf, readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { versionOf } from "../../serving/snapshot-documents.ts";
import { documentOf } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";
import { SurfaceParams } from "./surface.ts";

/** GET /v1/admin/fallbacks/:surface */
export const readFallbackRoute = readRoute({
  name: "readFallback",
  method: "GET",
  url: "/v1/admin/fallbacks/:surface",
  permission: "config:read",
  tag: "fallbacks",
  summary: "The list that a surface shows when nothing better can be shown.",
  params: SurfaceParams,
  query: queryOf({}),
  answer: documentOf(Type.Unknown()),
  errors: ["NOT_FOUND"],
  handle: async ({ context, caller, params, query }) => {
    const live = await context.store.inTenant(caller.tenant, (tx) =>
      readDocument<FallbackLists>(tx, namespaceIn(query), "fallbacks"),
    );
    const { lists } = live.content;
    const content = Object.hasOwn(lists, params.surface)
      ? lists[params.surface]
      : undefined;
    if (content === undefined) {
      throw new ApiError("NOT_FOUND", {
        detail: `The surface ${params.surface} has no fallback list.`,
        fix: "Write one with PUT to the same address.",
      });
    }
    return {
      headers: { etag: etagOf(content) },
      body: { version: versionOf(live), content },
    };
  },
});
