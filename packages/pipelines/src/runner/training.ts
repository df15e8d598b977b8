import { createHash } from "node:crypto";
import { canonicalJson, DAY_MS } from "@recsys/contracts";
import { loadCatalogue } from "@recsys/store";
import { interactionsHash } from "../interactions/interactions-hash.ts";
import type { EventColumns } from "../interactions/event-columns.ts";
import { weighEvents } from "../interactions/weigh-events.ts";
import { readIndex } from "../lake/lake-index.ts";
import { EVENTS } from "../lake/lake-table.ts";
import { readLakeEvents } from "../lake/read-events.ts";
import { checkLimit } from "../recipe/limits.ts";
import { recall, remember } from "./reuse.ts";
import type { CatalogueState, HistoryState, Run, Training } from "./run.ts";

type Asking = Pick<
  Run,
  | "asOf"
  | "duck"
  | "lakeFolder"
  | "learner"
  | "live"
  | "namespace"
  | "parameters"
  | "runId"
  | "store"
  | "tenant"
>;

/** Reads the window of events from the lake, weighs them and hands them to the learner; throws LIMIT_EXCEEDED before memory is spent where that can be known. */
export async function loadTraining(run: Asking): Promise<Training> {
  const { interactions: policy, limits } = run.parameters;
  const index = await readIndex(run.lakeFolder, EVENTS);
  const windowStart = run.asOf - policy.window_days * DAY_MS;
  const expected = [...index]
    .filter(([day]) => Date.parse(day) >= windowStart)
    .reduce((sum, [, { rows }]) => sum + rows, 0);
  checkLimit(limits, "events", expected);
  const events = await readLakeEvents(run.duck, run.lakeFolder, {
    index,
    from: Math.max(windowStart, 0),
  });
  const { interactions, counts } = weighEvents(events, {
    eventTypes: run.live.config.event_types,
    quantity: policy.quantity,
    sessionGapMinutes: policy.session_gap_minutes,
    asOf: run.asOf,
  });
  checkLimit(limits, "users", interactions.users.length);
  checkLimit(limits, "items", interactions.items.length);
  const times = timesUpTo(events, run.asOf);
  run.learner.load(run.runId, { interactions });
  return {
    events,
    interactions,
    counts,
    rows: interactions.user.length,
    hash: interactionsHash(interactions),
    asOf: times.to,
    window: times,
  };
}

/**
 * The state of the history: remembered for the same files of the lake under
 * the same policy, else found by reading it. Only a history that was seen
 * whole is remembered and recalled: then the run's moment does not matter.
 */
export async function loadHistory(
  run: Asking & Pick<Run, "codeVersion" | "force" | "training">,
): Promise<HistoryState> {
  const index = await readIndex(run.lakeFolder, EVENTS);
  const { interactions: policy } = run.parameters;
  const input = {
    days: [...index].map(([day, { sha256 }]) => [day, sha256]),
    event_types: run.live.config.event_types,
    policy,
    limits: run.parameters.limits,
    code_version: run.codeVersion,
  };
  const firstDay = [...index.keys()].sort()[0] ?? "1970-01-01";
  const windowIsWhole =
    run.asOf - policy.window_days * DAY_MS <= Date.parse(firstDay);
  if (windowIsWhole && !run.force) {
    const known = await recall<HistoryState>(run, input);
    if (known !== null && known.asOf <= run.asOf) return known;
  }
  const { rows, hash, asOf, window, counts } = await run.training();
  const state = { rows, hash, asOf, window: { ...window } };
  if (windowIsWhole && counts.afterAsOf === 0) {
    await remember(run, input, state);
  }
  return state;
}

/** All items with one hash over them; handed to the learner, too. */
export async function loadCatalogueState(run: Asking): Promise<CatalogueState> {
  const { items, revision } = await run.store.inTenant(run.tenant, (tx) =>
    loadCatalogue(tx, run.namespace),
  );
  checkLimit(run.parameters.limits, "items", items.length);
  run.learner.load(run.runId, { items });
  const hash = createHash("sha256");
  for (const item of items) hash.update(canonicalJson(item));
  return { items, revision, hash: hash.digest("hex") };
}

function timesUpTo(
  events: EventColumns,
  asOf: number,
): { readonly from: number; readonly to: number } {
  let from = Infinity;
  let to = -Infinity;
  for (const ts of events.ts) {
    if (ts > asOf) continue;
    if (ts < from) from = ts;
    if (ts > to) to = ts;
  }
  return from > to ? { from: 0, to: 0 } : { from, to };
}
