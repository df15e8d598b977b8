import type { FieldError } from "@recsys/contracts";

/**
 * What went wrong: `problem`: the service said so, with a code; `status`:
 * something on the way answered, such as a proxy; `network` and `timeout`: no
 * answer; `aborted`: the caller's signal; `bad-answer`: not what was promised.
 */
export type FailureKind =
  "problem" | "status" | "network" | "timeout" | "aborted" | "bad-answer";

export interface FailureFacts {
  readonly kind: FailureKind;
  /** Error code of the service such as `INVALID_REQUEST`, or the kind in capitals. */
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  /** Finds the request in the service's log. */
  readonly requestId?: string;
  /** Every field that was not acceptable. */
  readonly errors?: readonly FieldError[];
  /** What the caller does next, in the service's words. */
  readonly fix?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A call that did not succeed, after the retries it was worth. */
export class RecsysError extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly errors: readonly FieldError[];
  readonly fix: string | null;
  readonly retryAfterMs: number | null;

  constructor(facts: FailureFacts) {
    super(facts.message, { cause: facts.cause });
    this.name = "RecsysError";
    this.kind = facts.kind;
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.requestId = facts.requestId ?? null;
    this.errors = facts.errors ?? [];
    this.fix = facts.fix ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }

  /** Whether the service could not be had just now: worth another try, and what fallback lists are for. */
  get isUnavailable(): boolean {
    if (this.kind === "network" || this.kind === "timeout") return true;
    if (this.kind === "bad-answer") return true;
    return this.status === 429 || (this.status ?? 0) >= 500;
  }
}
