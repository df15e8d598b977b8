import { MINUTE_MS, type DecisionVersions } from "@recsys/contracts";
import type { Snapshot } from "@recsys/ranking";

/** What a page token says of the snapshot that its first page was ranked with. */
export type PageVersions = Omit<
  DecisionVersions,
  "models" | "node_major" | "snapshot_revision"
>;

/** The manifest names the models; the others say nothing of the content. */
const LEFT_OUT = new Set(["models", "node_major", "snapshot_revision"]);

export function pageVersions(versions: DecisionVersions): PageVersions {
  const kept = Object.entries(versions).filter(([name]) => !LEFT_OUT.has(name));
  return Object.fromEntries(kept) as unknown as PageVersions;
}

/** A page that comes later than this after the one before is ranked with what is live. */
const KEPT_MS = 15 * MINUTE_MS;
const KEPT_PER_NAMESPACE = 8;

interface Kept {
  readonly snapshot: Snapshot;
  until: number;
}

/**
 * Snapshots of which somebody holds a page token, kept for a while after they
 * were replaced: few per namespace, since each may hold artifacts of its own.
 */
export class PageSnapshots {
  readonly #places = new Map<string, Map<string, Kept>>();

  /** Keeps the snapshot of a page for the next one. */
  keep(snapshot: Snapshot, now: number): void {
    const place = placeOf(snapshot);
    const kept = this.#places.get(place) ?? new Map<string, Kept>();
    this.#places.set(place, kept);
    const key = keyOf(pageVersions(snapshot.versions));
    const known = kept.get(key);
    kept.delete(key);
    // The first one stays: what a snapshot learns while it serves belongs to it.
    const entry = known ?? { snapshot, until: 0 };
    entry.until = now + KEPT_MS;
    kept.set(key, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_PER_NAMESPACE) break;
      kept.delete(oldest);
    }
  }

  /** The snapshot with these versions, while it is kept. */
  find(
    place: Pick<Snapshot, "tenant" | "namespace">,
    versions: PageVersions,
    now: number,
  ): Snapshot | undefined {
    const found = this.#places.get(placeOf(place))?.get(keyOf(versions));
    return found !== undefined && found.until > now
      ? found.snapshot
      : undefined;
  }

  /** Lets go of those whose time is over. */
  sweep(now: number): void {
    for (const [place, kept] of this.#places) {
      for (const [key, { until }] of kept) {
        if (until <= now) kept.delete(key);
      }
      if (kept.size === 0) this.#places.delete(place);
    }
  }
}

function placeOf({
  tenant,
  namespace,
}: Pick<Snapshot, "tenant" | "namespace">): string {
  return `${tenant}/${namespace}`;
}

function keyOf(versions: PageVersions): string {
  return JSON.stringify(
    Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
