import { createHash } from "node:crypto";
import { ApiError, canonicalJson, type Json } from "@recsys/contracts";
import { findAnswer, rememberAnswer } from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import type { Answer } from "./route.ts";

export interface OnceFacts {
  readonly tenant: string;
  readonly route: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the key was used for; anything that JSON can hold. */
  readonly content: unknown;
}

/** At most so many keyed requests at a time: each keeps a connection while its work takes another. */
const LANES = 2;
const waiting: Promise<unknown>[] = Array.from({ length: LANES }, () =>
  Promise.resolve(),
);
let nextLane = 0;

/**
 * Runs creating work at most once per Idempotency-Key: the same key with the
 * same content gets the answer of the first time for 24 hours, with other
 * content IDEMPOTENCY_CONFLICT. Failures are not remembered.
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
  return inLane(() => remembered(context, { ...facts, key }, work));
}

async function remembered(
  context: ServiceContext,
  facts: OnceFacts & { readonly key: string },
  work: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const request = {
    route: facts.route,
    key: facts.key,
    bodyHash: createHash("sha256")
      .update(canonicalJson(facts.content))
      .digest("hex"),
  };
  return context.store.inTenant(facts.tenant, async (tx) => {
    const before = await findAnswer(tx, request);
    if (before !== null) {
      const headers = { "idempotency-replayed": "true" };
      return { status: before.status, body: before.body, headers };
    }
    const answer = await work();
    const status = answer.status ?? 200;
    await rememberAnswer(tx, request, { status, body: answer.body as Json });
    return { ...answer, status };
  });
}

async function inLane<T>(work: () => Promise<T>): Promise<T> {
  const lane = nextLane++ % LANES;
  const turn = (waiting[lane] ?? Promise.resolve()).then(work);
  waiting[lane] = turn.catch(() => undefined);
  return turn;
}
