/** What is live, per tenant and namespace; each moves only through a Change. */
export const POINTER_NAMES = [
  "config",
  "rules",
  "experiments",
  "manifest",
  "fallbacks",
] as const;
export type PointerName = (typeof POINTER_NAMES)[number];

/** A proposal to move a pointer to a new version. */
export interface ChangeProposal {
  readonly tenant: string;
  readonly namespace: string;
  readonly pointer: PointerName;
  /** The whole new document. */
  readonly content: unknown;
  /** Version that the author saw; the change is refused when another is live. null: nothing yet. */
  readonly baseVersion: number | null;
  readonly author: string;
  readonly authorKind: "human" | "service";
  readonly reason: string;
  /** Earlier version whose content this is, when the change is a way back. */
  readonly restores?: number;
}

/** The live version of a pointer. */
export interface PointerState {
  readonly pointer: PointerName;
  readonly version: number;
  /** SHA-256 of the canonical JSON of the content. */
  readonly hash: string;
  readonly changeId: string;
  readonly movedAt: number;
}

/** Short name of a version that people can compare: counter and first digits of the hash. */
export function versionName(state: {
  readonly version: number;
  readonly hash: string;
}): string {
  return `${state.version}-${state.hash.slice(0, 8)}`;
}
