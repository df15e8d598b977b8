import {
  HOUR_MS,
  MINUTE_MS,
  type DecisionRecord,
  type RecommendResponse,
} from "@recsys/contracts";
import { workOffBandits } from "@recsys/pipelines";
import { createReplayer } from "@recsys/service";
import { scheduleObligation } from "@recsys/store";
import {
  items,
  recordOf,
  startHarness,
} from "../../packages/service/test/harness.ts";

/** A service with forty items, and what tests of exploration do with it. */
export async function exploringShop() {
  const harness = await startHarness();
  await harness.call("POST /v1/items", items(40));
  const ask = (user: string, more: object = {}) =>
    harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      k: 6,
      user: { user_id: user },
      ...more,
    });
  return {
    harness,
    ask,
    put: (section: string, content: unknown) =>
      harness.call<{ errors?: { path: string; code: string }[] }>(
        `PUT /v1/admin/config/${section}`,
        content,
        { headers: { "if-match": "*" } },
      ),
    /** The decision as it is stored. */
    decide: async (user: string, more: object = {}): Promise<DecisionRecord> =>
      recordOf(harness, (await ask(user, more)).body.meta.request_id),
    /** Does the duty of the worker as if so many hours had gone by. */
    count: async (hoursLater: number) => {
      const now = Date.now() + hoursLater * HOUR_MS;
      await harness.store.inTenant("demo", (tx) =>
        scheduleObligation(tx, {
          kind: "bandits",
          subject: "count",
          dueAt: Date.now() - MINUTE_MS,
          payload: {},
        }),
      );
      return workOffBandits({
        store: harness.store,
        worker: "test",
        clock: () => now,
        batchRows: 7,
      });
    },
    /** Something that followed from the decision. */
    follow: (
      { request_id }: DecisionRecord,
      outcome: {
        readonly item_id: string;
        readonly type: string;
        readonly user_id: string;
      },
    ) => harness.call("POST /v1/outcomes", [{ request_id, ...outcome }]),
    replay: (record: DecisionRecord) =>
      createReplayer({
        store: harness.store,
        tenant: "demo",
        objects: harness.objects,
      }).replay(record),
  };
}

export type ExploringShop = Awaited<ReturnType<typeof exploringShop>>;
