import type { Manifest } from "@recsys/contracts";
import {
  appendAudit,
  digestCatalogue,
  pointer,
  resetNamespace as removeRows,
  versionContent,
  type TenantTx,
} from "@recsys/store";
import { DEFAULTS } from "../serving/snapshot-documents.ts";
import type { NamespaceEvidence, NamespaceWork } from "./evidence.ts";
import { moveDocuments, type Movable } from "./move-documents.ts";

const DOCUMENTS = ["config", "rules", "fallbacks", "manifest"] as const;

/**
 * Empties a namespace: its items, people, events, decisions, and unless they
 * are kept its configuration, rules, fallback lists and manifest, which go
 * back to the defaults as new versions. Other namespaces and the audit stay.
 */
export async function resetNamespace(
  tx: TenantTx,
  work: NamespaceWork & { readonly keepsConfiguration: boolean },
): Promise<NamespaceEvidence> {
  const { namespace } = work;
  const before = await digestCatalogue(tx, namespace);
  const documents = await moveDocuments(tx, work, await defaultsOf(tx, work));
  const removed = await removeRows(tx, namespace);
  const after = await digestCatalogue(tx, namespace);
  const audit_entry = await appendAudit(tx, {
    actor: work.actor,
    actorKind: work.actorKind,
    action: "namespace.reset",
    subject: namespace,
    details: { reason: work.reason, removed, documents },
  });
  return {
    action: "reset",
    tenant: tx.tenant,
    namespace,
    from: null,
    at: new Date(work.now).toISOString(),
    actor: work.actor,
    reason: work.reason,
    removed,
    documents,
    catalogue: { before, after },
    audit_entry,
  };
}

/** Only what was ever changed goes back; what was learned of removed people goes in any case. */
async function defaultsOf(
  tx: TenantTx,
  work: NamespaceWork & { readonly keepsConfiguration: boolean },
): Promise<Readonly<Record<Movable, unknown>>> {
  const { namespace, keepsConfiguration } = work;
  const contents: Record<Movable, unknown> = {
    config: null,
    rules: null,
    fallbacks: null,
    manifest: null,
  };
  for (const name of DOCUMENTS) {
    const live = await pointer(tx, namespace, name);
    if (live === null) continue;
    if (name === "manifest") {
      const place = { namespace, pointer: name };
      const found = await versionContent(tx, place, live.version);
      contents.manifest = emptied(found?.content as Manifest);
    } else if (!keepsConfiguration) {
      contents[name] = DEFAULTS[name].content;
    }
  }
  return contents;
}

function emptied(manifest: Manifest): Manifest {
  return { ...manifest, artifacts: {}, evaluation: null };
}
