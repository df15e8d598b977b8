import { ApiError, type RuleSet } from "@recsys/contracts";
import {
  appendAudit,
  copyItems,
  digestCatalogue,
  pointer,
  versionContent,
  type TenantTx,
} from "@recsys/store";
import type { NamespaceEvidence, NamespaceWork } from "./evidence.ts";
import { moveDocuments } from "./move-documents.ts";

/**
 * Copies configuration, rules, fallback lists and items into a namespace
 * without items; never people or what they did, nor what was learned of them.
 * Throws NAMESPACE_UNKNOWN for a source with neither, ALREADY_EXISTS.
 */
export async function copyNamespace(
  tx: TenantTx,
  work: NamespaceWork & { readonly from: string },
): Promise<NamespaceEvidence> {
  const { namespace, from } = work;
  const source = await digestCatalogue(tx, from);
  const before = await digestCatalogue(tx, namespace);
  const contents = await contentsOf(tx, from);
  const isNothing = Object.values(contents).every((each) => each === null);
  if (source.items === 0 && isNothing) throw new ApiError("NAMESPACE_UNKNOWN");
  if (before.items > 0 || from === namespace) {
    throw new ApiError("ALREADY_EXISTS", {
      detail: `The namespace ${namespace} has ${before.items} items.`,
      fix: "Copy into a new namespace, or reset that one first.",
    });
  }
  const documents = await moveDocuments(tx, work, {
    ...contents,
    manifest: null,
  });
  await copyItems(tx, from, namespace);
  const after = await digestCatalogue(tx, namespace);
  const audit_entry = await appendAudit(tx, {
    actor: work.actor,
    actorKind: work.actorKind,
    action: "namespace.copy",
    subject: namespace,
    details: { from, reason: work.reason, items: after.items, documents },
  });
  return {
    action: "copy",
    tenant: tx.tenant,
    namespace,
    from,
    at: new Date(work.now).toISOString(),
    actor: work.actor,
    reason: work.reason,
    removed: [],
    documents,
    catalogue: { before, after },
    audit_entry,
  };
}

async function contentsOf(tx: TenantTx, namespace: string) {
  const read = async (name: "config" | "rules" | "fallbacks") => {
    const place = { namespace, pointer: name };
    const live = await pointer(tx, namespace, name);
    if (live === null) return null;
    const found = await versionContent(tx, place, live.version);
    return found?.content ?? null;
  };
  const rules = (await read("rules")) as RuleSet | null;
  return {
    config: await read("config"),
    rules,
    fallbacks: await read("fallbacks"),
  };
}
