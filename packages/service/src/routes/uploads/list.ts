import { listUploads, stuckUploads } from "@recsys/store";
import { readRoute } from "../../http/route.ts";
import { STUCK_AFTER_MINUTES } from "../../uploads/upload-runner.ts";
import {
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  pageOf,
  queryOf,
} from "../shapes.ts";
import { toWire, UploadShape } from "./shapes.ts";

/** GET /v1/uploads */
export const listUploadsRoute = readRoute({
  name: "listUploads",
  method: "GET",
  url: "/v1/uploads",
  permission: "uploads:write",
  tag: "uploads",
  summary: "Uploads, newest first.",
  query: queryOf(PAGE_FIELDS),
  answer: pageOf(UploadShape.properties),
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const page = await context.store.inTenant(caller.tenant, async (tx) => {
      await stuckUploads(tx, namespace, STUCK_AFTER_MINUTES);
      return listUploads(tx, namespace, pageIn(query));
    });
    return { body: { items: page.rows.map(toWire), next_cursor: page.next } };
  },
});
