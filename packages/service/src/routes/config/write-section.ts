import {
  configSection,
  type ConfigDocument,
  type RuleSet,
} from "@recsys/contracts";
import Type from "typebox";
import { requireGoodConfig } from "../../admin/config-errors.ts";
import {
  editDocument,
  etagOf,
  readDocument,
  requireMatch,
} from "../../admin/documents.ts";
import { requireRulesFit } from "../../admin/rule-errors.ts";
import { jsonRoute } from "../../http/route.ts";
import {
  Changed,
  ConfigNamespaceField,
  DEFAULT_REASON,
  ReasonField,
} from "../edit-shapes.ts";
import { closed, namespaceIn } from "../shapes.ts";
import { SectionParams } from "./sections.ts";

/** PUT /v1/admin/config/:section */
export const writeSectionRoute = jsonRoute({
  name: "writeConfigSection",
  method: "PUT",
  url: "/v1/admin/config/:section",
  permission: "config:write",
  tag: "configuration",
  summary:
    "Replace one section; If-Match names the content that the author has seen.",
  params: SectionParams,
  query: closed({ namespace: ConfigNamespaceField, reason: ReasonField }),
  body: Type.Unknown({ description: "the whole section" }),
  answer: Changed,
  errors: ["PRECONDITION_REQUIRED", "VERSION_CONFLICT"],
  handle: async ({ context, caller, headers, params, query, body }) => {
    const { section } = params;
    const namespace = namespaceIn(query);
    const made = await editDocument<ConfigDocument>(
      context,
      {
        caller,
        namespace,
        pointer: "config",
        reason: query.reason ?? DEFAULT_REASON,
      },
      async (live, tx) => {
        requireMatch(headers, etagOf(configSection(live, section)));
        const config = { ...live, [section]: body };
        requireGoodConfig(config, { namespace, section });
        const { content: rules } = await readDocument<RuleSet>(
          tx,
          namespace,
          "rules",
        );
        requireRulesFit(rules, { before: live, after: config, section });
        return config;
      },
    );
    return {
      headers: { etag: etagOf(body) },
      body: { change_id: made.changeId, version: made.version },
    };
  },
});
