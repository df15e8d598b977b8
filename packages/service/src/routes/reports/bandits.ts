import { ApiError, DAY_MS, slotBandit, type Bandit } from "@recsys/contracts";
import { reportArms } from "@recsys/ranking";
import { learned } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { namespaceIn, queryOf, SPAN_FIELDS, toTime } from "../shapes.ts";
import { spanIn } from "../span.ts";

const MOST_DAYS = 31;
/** Arms of one bandit that are listed; slots may have thousands. */
const MOST_ARMS = 100;

const Arm = Type.Object({
  arm: Type.String(),
  trials: Type.Number({ description: "draws that were counted" }),
  mean_reward: Type.Union([Type.Number(), Type.Null()]),
  interval: Type.Array(Type.Number(), {
    description: "the mean reward lies within with 95 %",
  }),
  draws: Type.Integer({ description: "within the span" }),
  share: Type.Union([Type.Number(), Type.Null()]),
  propensity: Type.Union([
    Type.Object({ min: Type.Number(), max: Type.Number() }),
    Type.Null(),
  ]),
});

/** GET /v1/reports/bandits */
export const banditReportRoute = readRoute({
  name: "banditReport",
  method: "GET",
  url: "/v1/reports/bandits",
  permission: "config:read",
  tag: "reports",
  summary:
    "What each bandit and the exploration slots of each surface have learned, and how their arms were drawn in a span of time.",
  query: queryOf(SPAN_FIELDS),
  answer: Type.Object({
    from: Type.String(),
    to: Type.String(),
    posteriors_version: Type.Integer(),
    bandits: Type.Array(
      Type.Object({
        id: Type.String(),
        kind: Type.Union([Type.String(), Type.Null()], {
          description: "null: slots, or configured no longer",
        }),
        owner: Type.Union([Type.String(), Type.Null()]),
        surface: Type.Union([Type.String(), Type.Null()]),
        waiting: Type.Integer({
          description: "draws whose window is not over or not counted yet",
        }),
        draws: Type.Integer(),
        arms_total: Type.Integer(),
        arms: Type.Array(Arm, {
          description: "the most tried first, 100 at most",
        }),
      }),
    ),
  }),
  errors: ["LIMIT_EXCEEDED"],
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const now = context.clock();
    const { from = now - 7 * DAY_MS, to = now + 1 } = spanIn(query);
    if (to - from > MOST_DAYS * DAY_MS) {
      throw new ApiError("LIMIT_EXCEEDED", {
        detail: `A report is of ${MOST_DAYS} days at most.`,
      });
    }
    const { bandits = [] } = await liveConfig(
      context,
      caller.tenant,
      namespace,
    );
    const facts = await context.store.inTenant(caller.tenant, async (tx) => ({
      posteriors: await learned.load(tx, namespace),
      draws: await learned.totalDraws(tx, namespace, { from, to }),
      waiting: await learned.waitingTrials(tx),
    }));
    const waiting = new Map(
      facts.waiting
        .filter((row) => row.namespace === namespace)
        .map(({ bandit, trials }) => [bandit, trials]),
    );
    const arms = facts.posteriors?.arms ?? [];
    const ids = new Set([
      ...bandits.map(({ id }) => id),
      ...arms.map(({ bandit }) => bandit),
      ...facts.draws.map(({ bandit }) => bandit),
      ...waiting.keys(),
    ]);
    return {
      body: {
        from: toTime(from),
        to: toTime(to),
        posteriors_version: facts.posteriors?.version ?? 0,
        bandits: [...ids].sort().map((id) => {
          const found = bandits.find((bandit) => bandit.id === id);
          const rows = reportArms({
            names: found?.arms.map(({ name }) => name) ?? [],
            learned: arms.filter(({ bandit }) => bandit === id),
            draws: facts.draws.filter(({ bandit }) => bandit === id),
          });
          return {
            ...about(id, found),
            waiting: waiting.get(id) ?? 0,
            draws: rows.reduce((sum, { draws }) => sum + draws, 0),
            arms_total: rows.length,
            arms: rows.slice(0, MOST_ARMS),
          };
        }),
      },
    };
  },
});

function about(id: string, bandit: Bandit | undefined) {
  const slots = slotBandit("");
  return {
    id,
    kind: bandit?.kind ?? null,
    owner: bandit?.owner ?? null,
    surface:
      bandit?.surface ?? (id.startsWith(slots) ? id.slice(slots.length) : null),
  };
}
