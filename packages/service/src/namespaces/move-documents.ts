import type { PointerName } from "@recsys/contracts";
import {
  lockPointer,
  pointer,
  proposeChange,
  type TenantTx,
} from "@recsys/store";
import type { NamespaceEvidence, NamespaceWork } from "./evidence.ts";

export type Movable = PointerName &
  ("config" | "rules" | "fallbacks" | "manifest");

/** Makes contents live through the one door; null leaves a document as it is. */
export async function moveDocuments(
  tx: TenantTx,
  work: NamespaceWork,
  contents: Readonly<Record<Movable, unknown>>,
): Promise<NamespaceEvidence["documents"]> {
  const moved: NamespaceEvidence["documents"][number][] = [];
  for (const [document, content] of Object.entries(contents)) {
    if (content === null) continue;
    const name = document as Movable;
    await lockPointer(tx, { namespace: work.namespace, pointer: name });
    const live = await pointer(tx, work.namespace, name);
    const made = await proposeChange(tx, {
      tenant: tx.tenant,
      namespace: work.namespace,
      pointer: name,
      content,
      baseVersion: live?.version ?? null,
      author: work.actor,
      authorKind: work.actorKind,
      reason: work.reason,
    });
    moved.push({
      document,
      before: live?.hash ?? null,
      after: made.pointer.hash,
    });
  }
  return moved;
}
