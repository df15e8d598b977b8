import {
  Surface,
  type ConfigDocument,
  type FallbackLists,
} from "@recsys/contracts";
import Type from "typebox";
import { etagOf, readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** GET /v1/admin/surfaces */
export const listSurfacesRoute = readRoute({
  name: "listSurfaces",
  method: "GET",
  url: "/v1/admin/surfaces",
  permission: "config:read",
  tag: "configuration",
  summary:
    "Every surface as it is registered, with the state of its fallback list; the ETag is that of the section.",
  query: queryOf({}),
  answer: Type.Object({
    items: Type.Array(
      Type.Intersect([
        Type.Object({
          surface: Type.String(),
          fallback_list: Type.Union([
            Type.Null({ description: "nothing but the catalogue steps in" }),
            Type.Object({
              name: Type.String(),
              owner: Type.String(),
              items: Type.Integer(),
              expires_at: Type.String(),
              is_expired: Type.Boolean(),
            }),
          ]),
        }),
        Surface,
      ]),
    ),
  }),
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const [config, fallbacks] = await context.store.inTenant(
      caller.tenant,
      async (tx) => [
        await readDocument<ConfigDocument>(tx, namespace, "config"),
        await readDocument<FallbackLists>(tx, namespace, "fallbacks"),
      ],
    );
    const { surfaces } = config.content;
    const now = context.clock();
    const items = Object.entries(surfaces).map(([surface, facts]) => ({
      surface,
      ...facts,
      fallback_list: fallbackOf(facts.fallback ?? surface, {
        lists: fallbacks.content.lists,
        now,
      }),
    }));
    return { headers: { etag: etagOf(surfaces) }, body: { items } };
  },
});

function fallbackOf(
  wanted: string,
  from: { readonly lists: FallbackLists["lists"]; readonly now: number },
) {
  const name = Object.hasOwn(from.lists, wanted) ? wanted : "default";
  const list = Object.hasOwn(from.lists, name) ? from.lists[name] : undefined;
  if (list === undefined) return null;
  const { owner, item_ids: ids, expires_at } = list;
  const is_expired = Date.parse(expires_at) <= from.now;
  return { name, owner, items: ids.length, expires_at, is_expired };
}
