import { HOUR_MS, type RankRequest, type Warning } from "@recsys/contracts";
import type { Snapshot } from "@recsys/ranking";
import type { ServiceContext } from "../context.ts";
import type { ListCall } from "./list-call.ts";
import { namespaceOf } from "./normalise.ts";
import { pageVersions } from "./page-snapshots.ts";
import {
  decodePageToken,
  encodePageToken,
  type PageState,
} from "./page-token.ts";

/** Where a list goes on; `state` is null for a first page. */
export interface OpenedPage {
  readonly state: PageState | null;
  /** That of the first page while it is in memory, else what is live. */
  readonly snapshot: Snapshot;
  readonly warnings: readonly Warning[];
}

/** Reads the page token of a request, if it has one. Throws INVALID_REQUEST for one that is foreign or too old. */
export function openPage(
  context: ServiceContext,
  call: ListCall,
  at: { readonly live: Snapshot; readonly secret: Buffer },
): OpenedPage {
  const { asked } = call;
  const token = asked.route === "recommend" ? asked.body.page_token : undefined;
  const { live } = at;
  if (token === undefined) return { state: null, snapshot: live, warnings: [] };
  const now = context.clock();
  const namespace = namespaceOf(asked);
  const state = decodePageToken(at.secret, token, { namespace, now });
  const first = context.pages.find(live, state.versions, now);
  if (first !== undefined) return { state, snapshot: first, warnings: [] };
  const before = JSON.stringify(state.versions);
  const isSame = before === JSON.stringify(pageVersions(live.versions));
  const warnings = isSame ? [] : [SNAPSHOT_CHANGED];
  return { state, snapshot: live, warnings };
}

export const SNAPSHOT_CHANGED: Warning = {
  code: "PAGE_SNAPSHOT_CHANGED",
  detail:
    "What the first page was ranked with is not in memory any more: this page is ranked with what is live now. No item of the pages before is repeated.",
};

/** Beyond so many items nobody turns pages; the token would outgrow its field. */
const MAX_PAGED = 4000;

/** How long the next page can be asked for. */
const TOKEN_MS = HOUR_MS;

/** The token of the next page; null where there is none. Its snapshot is kept for it. */
export function nextPageToken(
  context: ServiceContext,
  call: ListCall,
  page: {
    readonly secret: Buffer;
    readonly snapshot: Snapshot;
    readonly request: RankRequest;
    readonly slate: readonly string[];
    readonly seed: number;
    readonly now: number;
  },
): string | null {
  const { request, slate, snapshot, seed, now } = page;
  const paged = [...(request.paged ?? []), ...slate];
  const { onPage = [] } = request;
  const others = [...request.shown, ...onPage];
  const hasMore =
    slate.length === request.k && paged.length + others.length <= MAX_PAGED;
  if (call.asked.route !== "recommend" || !hasMore) return null;
  const clock = context.clock();
  context.pages.keep(snapshot, clock);
  return encodePageToken(page.secret, {
    namespace: namespaceOf(call.asked),
    surface: request.surface,
    paged,
    others,
    seed,
    now,
    versions: pageVersions(snapshot.versions),
    expires: clock + TOKEN_MS,
  });
}
