import { createHash } from "node:crypto";
import { ApiError, canonicalJson, type Json } from "@recsys/contracts";
import {
  claimAnswer,
  dropClaim,
  rememberAnswer,
  type KeyedRequest,
} from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { keepClaim } from "./keep-claim.ts";
import type { Answer } from "./route.ts";

export interface OnceFacts {
  readonly tenant: string;
  readonly route: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the key was used for; anything that JSON can hold. */
  readonly content: unknown;
}

/**
 * Runs creating work at most once per Idempotency-Key: the same key with the
 * same content gets the answer of the first time for 24 hours, with other
 * content IDEMPOTENCY_CONFLICT. Failures are not remembered. A repetition waits
 * in this process; in another one it is told to come back.
 */
export async function once(
  context: ServiceContext,
  facts: OnceFacts,
  work: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const key = facts.headers["idempotency-key"];
  if (key === undefined) return work();
  if (typeof key !== "string" || key === "" || key.length > 200) {
    throw new ApiError("INVALID_REQUEST", {
      errors: [
        {
          path: "/headers/idempotency-key",
          code: "length",
          message: "must have 1 to 200 characters",
        },
      ],
    });
  }
  const { tenant, route, content } = facts;
  const hash = createHash("sha256").update(canonicalJson(content));
  const request = { route, key, bodyHash: hash.digest("hex") };
  const name = JSON.stringify([tenant, route, key]);
  return context.turns.take(name, () =>
    answerOnce(context, { tenant, request }, work),
  );
}

async function answerOnce(
  { store, replica, log }: ServiceContext,
  keyed: { readonly tenant: string; readonly request: KeyedRequest },
  work: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const { tenant, request } = keyed;
  const claim = await store.inTenant(tenant, (tx) =>
    claimAnswer(tx, request, replica),
  );
  if (claim.kind === "answered") {
    return {
      status: claim.answer.status,
      body: claim.answer.body,
      headers: { "idempotency-replayed": "true" },
    };
  }
  if (claim.kind === "under-way") {
    throw new ApiError("IDEMPOTENCY_CONFLICT", {
      detail: "The first request with this key is still under way.",
      retryAfterSeconds: 1,
    });
  }
  const stop = keepClaim({ store, tenant, request, holder: replica });
  try {
    const answer = await work();
    const { status = 200 } = answer;
    const kept = { status, body: answer.body as Json, holder: replica };
    const isKept = await store.inTenant(tenant, (tx) =>
      rememberAnswer(tx, request, kept),
    );
    if (!isKept) {
      const reason = "another process took a keyed request over";
      log.error({ tenant, route: request.route, reason });
    }
    return { ...answer, status };
  } catch (error) {
    await store
      .inTenant(tenant, (tx) => dropClaim(tx, request, replica))
      // This process may claim the key again all the same; the first error counts.
      .catch(() => undefined);
    throw error;
  } finally {
    stop();
  }
}
