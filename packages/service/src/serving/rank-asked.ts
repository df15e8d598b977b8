import {
  hashSeed,
  hashUnit,
  type RankRequest,
  type Warning,
} from "@recsys/contracts";
import { rank, type RankInput, type Snapshot } from "@recsys/ranking";
import type { ServiceContext } from "../context.ts";
import { sampleShare } from "../decisions/sample-share.ts";
import type { Ranked } from "./decision-record.ts";
import { unitsOf } from "./draw-units.ts";
import type { ListCall } from "./list-call.ts";
import { localeOf } from "./locale.ts";
import type { Normalised } from "./normalise.ts";
import { rankPage } from "./rank-page.ts";
import type { Subject } from "./read-state.ts";
import type { ShownItems } from "./shown-items.ts";
import type { SnapshotState } from "./snapshots.ts";
import { SNAPSHOT_CHANGED, type OpenedPage } from "./turn-page.ts";

/** Everything that was read for a list. */
export interface Prepared {
  readonly current: SnapshotState;
  readonly page: OpenedPage;
  readonly normalised: Normalised;
  readonly subject: Subject;
  readonly shown: ShownItems;
  readonly now: number;
  readonly secret: Buffer;
  readonly stateMs: number;
}

/** The ranked list, with the request, seed and snapshot that it came from. */
export function rankAsked(
  context: ServiceContext,
  call: ListCall,
  prepared: Prepared,
): Pick<Ranked, "request" | "seed" | "result" | "warnings" | "isSampled"> & {
  readonly snapshot: Snapshot;
} {
  const { normalised, page, subject, now } = prepared;
  const live = prepared.current.loaded.snapshot;
  const seed = normalised.seed ?? page.state?.seed ?? hashSeed(call.requestId);
  const isSampled =
    call.isTraced ||
    hashUnit(`sample:${call.requestId}`) < sampleShare(context, live);
  const input = {
    request: requestOf(call, prepared),
    userState: subject.state,
    now,
    seed,
    clock: monotonicMs,
    sample: isSampled,
  };
  const made = rankOpened(context, prepared, input);
  const warnings = [...made.warnings, ...repeatedPins(made)];
  return { ...made, seed, isSampled, warnings };
}

/** With the snapshot of the first page, where it is of use, else with what is live. */
function rankOpened(
  context: ServiceContext,
  { normalised, page, current }: Prepared,
  input: Omit<RankInput, "snapshot">,
): Pick<Ranked, "request" | "result" | "warnings"> & {
  readonly snapshot: Snapshot;
} {
  const live = current.loaded.snapshot;
  const { snapshot, state, warnings } = page;
  const { request } = input;
  if (state === null) {
    const result = rank({ ...input, snapshot });
    return { request, result, snapshot, warnings };
  }
  const now = normalised.asOf ?? context.clock();
  const bound = rankPage({ ...input, snapshot }, { snapshot: live, now });
  if (bound !== null) return { ...bound, snapshot, warnings };
  const result = rank({ ...input, snapshot: live });
  return { request, result, snapshot: live, warnings: [SNAPSHOT_CHANGED] };
}

/** The request with what came before it. */
function requestOf(call: ListCall, prepared: Prepared): RankRequest {
  const { normalised, page, shown, subject } = prepared;
  const { state } = page;
  const { exclude_request_ids: excluded = [] } = call.asked.body;
  const shownBy = [...excluded, ...(call.earlier?.requestIds ?? [])];
  const onPage = call.earlier?.itemIds ?? [];
  return {
    ...normalised.request,
    ...localeOf(call, {
      snapshot: page.snapshot,
      normalised,
      state: subject.state,
    }),
    shown: [...new Set([...shown.ids, ...(state?.others ?? [])])],
    ...(state === null ? {} : { paged: state.paged }),
    ...(onPage.length === 0 ? {} : { onPage }),
    ...(shownBy.length === 0 ? {} : { shownBy }),
    ...unitsOf(call.asked, {
      snapshot: page.snapshot,
      request: normalised.request,
      bucketKey: subject.state.bucket_key,
      secret: prepared.secret,
    }),
  };
}

/** A rule that pins an item by name beats the page's wish not to repeat it. */
function repeatedPins({
  request: { onPage = [] },
  result: { slate },
}: Pick<Ranked, "request" | "result">): Warning[] {
  if (onPage.length === 0) return [];
  const earlier = new Set(onPage);
  const ids = slate.flatMap(({ item_id: id }) => (earlier.has(id) ? id : []));
  if (ids.length === 0) return [];
  const detail = `pinned by a rule and in an earlier list of the page as well: ${ids.join(", ")}`;
  return [{ code: "PIN_REPEATED", detail }];
}

function monotonicMs(): number {
  return performance.now();
}
