import { setTimeout as pause } from "node:timers/promises";
import { call, itemId, listFor, type Batch } from "./shop.ts";

/** What the service acknowledged. */
export interface Acknowledged {
  readonly events: Set<string>;
  readonly decisions: Set<string>;
}

/** Somebody who posts events and asks for lists, and comes back when nobody answers. */
export interface Shopper {
  readonly acknowledged: Acknowledged;
  /** Resolves when as many more events and a list are acknowledged. */
  more(events: number): Promise<void>;
  /** Ends after what is under way. */
  stop(): Promise<void>;
}

const EVENTS_AT_ONCE = 5;
const LIMIT_MS = 60_000;

/** A batch that was not acknowledged is sent again under the same ids, as the API asks. */
export function startShopper(url: string, name: string): Shopper {
  const acknowledged: Acknowledged = {
    events: new Set(),
    decisions: new Set(),
  };
  const at = { url };
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  const work = async () => {
    for (let turn = 0; !isStopping(); turn++) {
      const batch = eventsOf(name, turn);
      while (!(await isPosted(at, batch))) {
        if (isStopping()) return;
        await pause(20);
      }
      for (const { event_id } of batch) acknowledged.events.add(event_id);
      const list = await listFor(at, `${name}-${turn % 7}`).catch(() => null);
      if (list?.status === 200 && list.body.meta.logged) {
        acknowledged.decisions.add(list.body.meta.request_id);
      }
      await pause(5);
    }
  };
  const working = work();
  return {
    acknowledged,
    more: async (events) => {
      const { events: all, decisions } = acknowledged;
      const wanted = { events: all.size + events, lists: decisions.size + 1 };
      const end = performance.now() + LIMIT_MS;
      while (all.size < wanted.events || decisions.size < wanted.lists) {
        if (performance.now() > end) throw new Error(`${name} waited too long`);
        await pause(10);
      }
    },
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}

interface PostedEvent {
  readonly event_id: string;
}

/** Every other batch leaves the time to the service, which keeps ids apart by another way. */
function eventsOf(name: string, turn: number): PostedEvent[] {
  return Array.from({ length: EVENTS_AT_ONCE }, (_, n) => ({
    event_id: `${name}-${turn}-${n}`,
    user_id: `${name}-${turn % 7}`,
    type: "view",
    item_id: itemId((turn + n) % 10),
    ...(turn % 2 === 0 ? {} : { ts: new Date().toISOString() }),
  }));
}

async function isPosted(
  at: { readonly url: string },
  batch: readonly PostedEvent[],
): Promise<boolean> {
  const answer = await call<Batch>(at, "/v1/events", batch).catch(() => null);
  if (answer?.status !== 200) return false;
  const { accepted, duplicate } = answer.body;
  return accepted + duplicate === batch.length;
}
