import { ApiError, canonicalJson, type RuleSet } from "@recsys/contracts";
import { versionContent } from "@recsys/store";
import Type from "typebox";
import { readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { namespaceIn, queryOf, VersionNumber } from "../shapes.ts";

const PARTS = ["rules", "campaigns", "lists", "overrides", "cases"] as const;

/** GET /v1/admin/rules/diff */
export const rulesDiffRoute = readRoute({
  name: "diffRules",
  method: "GET",
  url: "/v1/admin/rules/diff",
  permission: "config:read",
  tag: "rules",
  summary:
    "What was added, removed and changed from one version of the rules to another, or to the live one.",
  query: queryOf({ from: VersionNumber, to: Type.Optional(VersionNumber) }),
  answer: Type.Object({
    added: Type.Array(Type.Record(Type.String(), Type.Unknown())),
    removed: Type.Array(Type.Record(Type.String(), Type.Unknown())),
    changed: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  }),
  errors: ["NOT_FOUND"],
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const [before, after] = await context.store.inTenant(
      caller.tenant,
      async (tx) => {
        const read = async (version: number): Promise<RuleSet> => {
          const address = { namespace, pointer: "rules" as const };
          const found = await versionContent(tx, address, version);
          if (found !== null) return found.content as RuleSet;
          throw new ApiError("NOT_FOUND", {
            detail: `There is no version ${version} of rules.`,
          });
        };
        const live = async () =>
          (await readDocument<RuleSet>(tx, namespace, "rules")).content;
        return [
          await read(query.from),
          await (query.to === undefined ? live() : read(query.to)),
        ];
      },
    );
    return { body: diffRuleSets(before, after) };
  },
});

interface Difference {
  readonly part: (typeof PARTS)[number];
  readonly id: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Members by part and id. */
function diffRuleSets(
  before: RuleSet,
  after: RuleSet,
): {
  readonly added: readonly Difference[];
  readonly removed: readonly Difference[];
  readonly changed: readonly Difference[];
} {
  const added: Difference[] = [];
  const removed: Difference[] = [];
  const changed: Difference[] = [];
  for (const part of PARTS) {
    const old = membersOf(before, part);
    const now = membersOf(after, part);
    for (const [id, content] of now) {
      if (!old.has(id)) added.push({ part, id, after: content });
      else if (canonicalJson(old.get(id)) !== canonicalJson(content)) {
        changed.push({ part, id, before: old.get(id), after: content });
      }
    }
    for (const [id, content] of old) {
      if (!now.has(id)) removed.push({ part, id, before: content });
    }
  }
  return { added, removed, changed };
}

function membersOf(
  set: RuleSet,
  part: (typeof PARTS)[number],
): ReadonlyMap<string, object> {
  const members: readonly object[] = set[part] ?? [];
  return new Map(
    members.map((each) => ["id" in each ? each.id : nameOf(each), each]),
  ) as ReadonlyMap<string, object>;
}

function nameOf(member: object): string {
  return "name" in member ? String(member.name) : "";
}
