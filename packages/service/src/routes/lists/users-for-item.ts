import {
  ApiError,
  Context,
  EntityId,
  ExpressionText,
  Reason,
  SlugName,
  Warning,
  type FieldError,
} from "@recsys/contracts";
import {
  expressionErrors,
  holdsFor,
  matchSegment,
  relatedItems,
  type Snapshot,
} from "@recsys/ranking";
import { peopleOfItems, type AudiencePerson } from "@recsys/store";
import Type, { type Static } from "typebox";
import { jsonRoute } from "../../http/route.ts";
import { seePeople, type Sight } from "../../personal/see-people.ts";
import {
  scoreAudience,
  scoreOfNobody,
  type AudienceQuestion,
  type InterestedPerson,
} from "../../serving/find-audience.ts";
import { namespaceOf, normalise } from "../../serving/normalise.ts";
import { closed } from "../shapes.ts";
import { LIST_ERRORS } from "./answer-with.ts";

/** What is looked at: newest events of the item and its nearest neighbours, newest people of these, and their newest events. */
const MOST_ITEMS = 50;
const EVENTS_PER_ITEM = 200;
const MOST_PEOPLE = 300;
const EVENTS_OF_EACH = 100;

const AudienceRequest = closed({
  item_id: EntityId,
  surface: Type.Optional(SlugName),
  namespace: Type.Optional(SlugName),
  k: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_PEOPLE })),
  where: Type.Optional(ExpressionText),
  segment: Type.Optional(SlugName),
  context: Type.Optional(Context),
  exclude_buyers: Type.Optional(
    Type.Boolean({
      default: true,
      description: "leave out who bought the item already",
    }),
  ),
});
type AudienceRequest = Static<typeof AudienceRequest>;

/** POST /v1/users-for-item */
export const usersForItemRoute = jsonRoute({
  name: "usersForItem",
  method: "POST",
  url: "/v1/users-for-item",
  permission: "audience:read",
  tag: "lists",
  summary: `The people who are most likely interested in an item: of the newest ${MOST_PEOPLE} who had to do with it or its neighbours within 90 days, those for whom its score is above that of somebody unknown. Guests and people who denied consent are left out; without personal:read people appear as pseudonyms.`,
  body: AudienceRequest,
  answer: Type.Object({
    item_id: Type.String(),
    users: Type.Array(
      Type.Object({
        user_key: Type.String({ description: "or a pseudonym" }),
        user_id: Type.Optional(Type.String()),
        anonymous_id: Type.Optional(Type.String()),
        score: Type.Number(),
        reasons: Type.Array(Reason),
      }),
    ),
    considered: Type.Integer({ description: "people who were scored" }),
    warnings: Type.Array(Warning),
  }),
  errors: [...LIST_ERRORS, "ITEM_UNKNOWN"],
  handle: async (call) => {
    const { context, caller, body } = call;
    const { tenant } = caller;
    const namespace = namespaceOf(askedOf(body));
    const { loaded } = await context.snapshots.ensure(tenant, namespace);
    const { snapshot } = loaded;
    const { question, warnings } = readQuestion(body, {
      snapshot,
      now: context.clock(),
    });
    const unknown = scoreOfNobody(question);
    if ("refusal" in unknown) {
      const warning = { code: "ITEM_NOT_LISTABLE", detail: unknown.refusal };
      const all = [...warnings, warning];
      const { item_id } = body;
      return { body: { item_id, users: [], considered: 0, warnings: all } };
    }
    const wanted = {
      itemIds: relatedItems(snapshot, body.item_id, MOST_ITEMS),
      eventsPerItem: EVENTS_PER_ITEM,
      people: MOST_PEOPLE,
      events: EVENTS_OF_EACH,
    };
    const people = await context.store.inTenant(tenant, (tx) =>
      peopleOfItems(tx, namespace, wanted),
    );
    const asked = people.filter((one) => isMeant(one, body, question));
    const found = await scoreAudience(question, asked, unknown.score);
    const best = found.slice(0, body.k ?? 20);
    const sight = await context.store.inTenant(tenant, (tx) =>
      seePeople(tx, call, { namespace, kind: "audience", rows: best.length }),
    );
    const users = best.map((one) => toUser(one, sight));
    const { item_id } = body;
    return { body: { item_id, users, considered: asked.length, warnings } };
  },
});

function toUser({ person, score, reasons }: InterestedPerson, sight: Sight) {
  const { userKey, kind, externalId } = person;
  return {
    user_key: sight.keyOf(userKey),
    ...(sight.isPersonal ? { [`${kind}_id`]: externalId } : {}),
    score,
    reasons,
  };
}

/** The request for a list of this item alone, as the surface would rank it; what was shown plays no part. */
function askedOf(body: AudienceRequest) {
  const { item_id, surface = "default", namespace, context } = body;
  const buyers = body.exclude_buyers === false ? "none" : "purchased";
  const knobs = {
    "eligibility.exclude_seen": buyers,
    "fatigue.cap": 0,
    "fatigue.weight": 0,
    "rotation.weight": 0,
  };
  const item_ids = [item_id];
  const list = { surface, item_ids, knobs, k: 1 };
  return {
    route: "rerank" as const,
    body: {
      ...list,
      ...(namespace === undefined ? {} : { namespace }),
      ...(context === undefined ? {} : { context }),
    },
  };
}

/** Throws INVALID_REQUEST, SURFACE_UNKNOWN or ITEM_UNKNOWN. */
function readQuestion(
  body: AudienceRequest,
  at: { readonly snapshot: Snapshot; readonly now: number },
) {
  const { snapshot } = at;
  const { catalogue, config, expressions } = snapshot;
  if ((catalogue.items[catalogue.positionOf(body.item_id)] ?? null) === null) {
    throw new ApiError("ITEM_UNKNOWN", {
      detail: `The item "${body.item_id}" is not in the catalogue.`,
    });
  }
  const { where: text, segment } = body;
  const errors: FieldError[] =
    text === undefined
      ? []
      : expressionErrors(expressions, {
          text,
          use: "condition",
          path: "/where",
        });
  if (
    segment !== undefined &&
    !config.segments.some(({ name }) => name === segment)
  ) {
    errors.push({
      path: "/segment",
      code: "unknown_segment",
      message: `there is no segment ${segment}`,
    });
  }
  if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
  const { request, warnings } = normalise(askedOf(body), snapshot);
  return { question: { ...at, request }, warnings };
}

/** Whether the person is in the segment, and meets the condition. */
function isMeant(
  { state }: AudiencePerson,
  { where, segment }: AudienceRequest,
  { request, snapshot, now }: AudienceQuestion,
): boolean {
  const { config, expressions } = snapshot;
  const { context } = request;
  const facts = { traits: state.traits, context, events: state.events, now };
  if (
    segment !== undefined &&
    matchSegment(config.segments, facts, expressions) !== segment
  ) {
    return false;
  }
  return where === undefined || holdsFor({ where }, facts, expressions);
}
