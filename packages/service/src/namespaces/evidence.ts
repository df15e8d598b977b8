import { createHash } from "node:crypto";
import { ApiError, canonicalJson } from "@recsys/contracts";
import type { CatalogueDigest, RemovedRows } from "@recsys/store";

/** What a reset or a copy did, for the files of those who have to show it. */
export interface NamespaceEvidence {
  readonly action: "reset" | "copy";
  readonly tenant: string;
  readonly namespace: string;
  /** Where the copy came from; null for a reset. */
  readonly from: string | null;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly removed: readonly RemovedRows[];
  /** Content hashes of the live documents before and after; null: the default. */
  readonly documents: readonly {
    readonly document: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly catalogue: {
    readonly before: CatalogueDigest;
    readonly after: CatalogueDigest;
  };
  /** Number of the entry in the administrative audit. */
  readonly audit_entry: number;
}

/** SHA-256 of the canonical JSON of the evidence. */
export function evidenceHash(evidence: NamespaceEvidence): string {
  return createHash("sha256").update(canonicalJson(evidence)).digest("hex");
}

/** Who does it, and why. */
export interface NamespaceWork {
  readonly namespace: string;
  readonly actor: string;
  readonly actorKind: "human" | "service";
  readonly reason: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Throws INVALID_REQUEST unless the confirmation names the namespace that will change. */
export function requireConfirmation(namespace: string, confirm: string): void {
  if (confirm === namespace) return;
  throw new ApiError("INVALID_REQUEST", {
    errors: [
      {
        path: "/confirm",
        code: "confirmation",
        message: `must be ${namespace}, the name of the namespace that changes`,
      },
    ],
  });
}
