import {
  ApiError,
  ERRORS,
  RecommendRequest,
  RerankRequest,
  SimilarRequest,
  validator,
  type BatchedList,
} from "@recsys/contracts";
import { identityOf } from "../auth/pseudonym.ts";
import type { ServiceContext } from "../context.ts";
import type { DeprecatedUse } from "../deprecations.ts";
import { safeError } from "../http/log-error.ts";
import { toApiError, toProblem } from "../http/problem.ts";
import { makeRequestId } from "../http/request-id.ts";
import { answerList } from "./answer.ts";
import type { ListCall } from "./list-call.ts";
import { namespaceOf, type Asked } from "./normalise.ts";

const VALIDATORS = {
  recommend: validator(RecommendRequest),
  similar: validator(SimilarRequest),
  rerank: validator(RerankRequest),
} as const;

type Body = Readonly<Record<string, unknown>>;

/** One request of a batch, answered; `deprecated` is what it used of that kind. */
interface Answered {
  readonly result: BatchedList;
  readonly deprecated: readonly DeprecatedUse[];
}

/** What all requests of a batch share. */
export type BatchCall = Omit<ListCall, "asked" | "requestId" | "earlier">;

/** Answers each request by itself, with an id, a record and permissions of its own; one that fails fails alone. */
export async function answerBatch(
  context: ServiceContext,
  shared: BatchCall,
  bodies: readonly Body[],
): Promise<readonly Answered[]> {
  return Promise.all(
    bodies.map((body) => answerOne(context, shared, { body })),
  );
}

/**
 * The lists of one page, one after the other: what a person has in an earlier
 * list is left out of the later ones. Requests that name nobody are one
 * person's.
 */
export async function answerPage(
  context: ServiceContext,
  shared: BatchCall,
  bodies: readonly Body[],
): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  const shown = new Map<string, { requestIds: string[]; itemIds: string[] }>();
  for (const body of bodies) {
    const key = personIn(body);
    const earlier = shown.get(key);
    const answer = await answerOne(context, shared, { body, earlier });
    answers.push(answer);
    const { list } = answer.result;
    if (list === undefined) continue;
    const { requestIds = [], itemIds = [] } = earlier ?? {};
    const { items, meta } = list;
    shown.set(key, {
      requestIds: [...requestIds, meta.request_id],
      itemIds: [...itemIds, ...items.map(({ item_id: id }) => id)],
    });
  }
  return answers;
}

async function answerOne(
  context: ServiceContext,
  shared: BatchCall,
  one: {
    readonly body: Body;
    readonly earlier?: ListCall["earlier"] | undefined;
  },
): Promise<Answered> {
  const requestId = makeRequestId(shared.caller.tenant, context.clock());
  try {
    const asked = readAsked(one.body);
    const { response, deprecated } = await answerList(context, {
      ...shared,
      asked,
      requestId,
      ...(one.earlier === undefined ? {} : { earlier: one.earlier }),
    });
    const namespace = namespaceOf(asked);
    context.deprecations.note(shared.caller, namespace, deprecated);
    return { result: { status: 200, list: response }, deprecated };
  } catch (thrown) {
    const error = toApiError(thrown);
    const { status } = ERRORS[error.code];
    if (status >= 500) {
      const err = safeError(error.cause ?? error);
      context.log.error({ request_id: requestId, code: error.code, err });
    }
    const problem = { ...toProblem(error, requestId) };
    return { result: { status, problem }, deprecated: [] };
  }
}

/** Which kind of list it asks for, checked as its own route would. Throws INVALID_REQUEST. */
function readAsked(body: Body): Asked {
  const route =
    "item_id" in body ? "similar" : "item_ids" in body ? "rerank" : "recommend";
  const errors = VALIDATORS[route](body);
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
  return { route, body } as unknown as Asked;
}

/** Who a body is about, as far as it can be read. */
function personIn(body: Body): string {
  const { namespace, user } = body;
  const named =
    typeof user === "object" && user !== null ? identityOf(user) : null;
  return JSON.stringify([namespace ?? null, named]);
}
