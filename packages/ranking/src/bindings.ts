import type { SignalName, SignalView, SignalViews } from "@recsys/contracts";
import type { Catalogue } from "./catalogue.ts";

/** A signal with its artifact positions tied to catalogue positions. */
export interface Bound<View extends SignalView> {
  readonly view: View;
  /** By artifact position: the catalogue position, -1 where the item is unknown. */
  readonly toCatalogue: Int32Array;
  /** By catalogue position: the artifact position, -1 (or beyond the end) where it has none. */
  readonly toArtifact: Int32Array;
  /** Artifact positions without an item in the catalogue. */
  readonly unbound: Int32Array;
}

export type BoundSignals = {
  readonly [N in SignalName]?: Bound<SignalViews[N]>;
};

/**
 * Looks every id of the artifact up in the catalogue, once per snapshot. An
 * artifact with the ids of one bound before shares its arrays: less memory,
 * and warm in the processor's cache when the next source needs them.
 */
export function bind<View extends SignalView>(
  view: View,
  catalogue: Catalogue,
  before: readonly Bound<SignalView>[] = [],
): Bound<View> {
  const twin = before.find((other) => hasSameIds(other.view, view));
  if (twin !== undefined) return { ...twin, view };
  const toCatalogue = new Int32Array(view.ids.length);
  const toArtifact = new Int32Array(catalogue.size).fill(-1);
  const unbound: number[] = [];
  view.ids.forEach((id, artifact) => {
    const position = catalogue.positionOf(id);
    toCatalogue[artifact] = position;
    if (position < 0) unbound.push(artifact);
    else toArtifact[position] = artifact;
  });
  return { view, toCatalogue, toArtifact, unbound: Int32Array.from(unbound) };
}

function hasSameIds(a: SignalView, b: SignalView): boolean {
  return (
    a.ids === b.ids ||
    (a.ids.length === b.ids.length && a.ids.every((id, i) => id === b.ids[i]))
  );
}

/** The binding for a later catalogue: only ids that were unknown are looked up. */
export function rebind<View extends SignalView>(
  bound: Bound<View>,
  catalogue: Catalogue,
): Bound<View> {
  const found = bound.unbound.filter(
    (artifact) => catalogue.positionOf(bound.view.ids[artifact] ?? "") >= 0,
  );
  if (found.length === 0) return bound;
  return bind(bound.view, catalogue);
}
