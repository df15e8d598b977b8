import { configSection, type ConfigDocument } from "@recsys/contracts";
import Type from "typebox";
import { etagOf, readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { versionOf } from "../../serving/snapshot-documents.ts";
import { ConfigNamespaceField, documentOf } from "../edit-shapes.ts";
import { closed, namespaceIn } from "../shapes.ts";
import { SectionParams } from "./sections.ts";

/** GET /v1/admin/config/:section */
export const readSectionRoute = readRoute({
  name: "readConfigSection",
  method: "GET",
  url: "/v1/admin/config/:section",
  permission: "config:read",
  tag: "configuration",
  summary:
    "One section of the configuration, with the ETag that a change needs.",
  params: SectionParams,
  query: closed({ namespace: ConfigNamespaceField }),
  answer: documentOf(Type.Unknown()),
  handle: async ({ context, caller, params, query }) => {
    const live = await context.store.inTenant(caller.tenant, (tx) =>
      readDocument<ConfigDocument>(tx, namespaceIn(query), "config"),
    );
    const content = configSection(live.content, params.section);
    return {
      headers: { etag: etagOf(content) },
      body: { version: versionOf(live), content },
    };
  },
});
