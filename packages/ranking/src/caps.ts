import type { Work } from "./work.ts";

/** Counts of a list so far, against the most it may have of one brand or category. */
export interface Caps {
  readonly isOn: boolean;
  /** The cap that this item would break; null when it fits. */
  broken(position: number): "cap_brand" | "cap_category" | null;
  add(position: number): void;
}

export const NO_CAPS: Caps = {
  isOn: false,
  broken: () => null,
  add: () => undefined,
};

/** The stricter of the request's constraint and the knob, for each attribute. */
export function createCaps(work: Work): Caps {
  const { constraints } = work.request;
  const perBrand = stricter(
    constraints.max_per_brand,
    work.knobs.number("diversity.max_per_brand"),
  );
  const perCategory = stricter(
    constraints.max_per_category,
    work.knobs.number("diversity.max_per_category"),
  );
  const { brand, category } = work.snapshot.catalogue.columns;
  const brands = new Map<number, number>();
  const categories = new Map<number, number>();
  const isFull = (counts: Map<number, number>, key: number, cap: number) =>
    key !== 0 && (counts.get(key) ?? 0) >= cap;
  return {
    isOn: perBrand < Infinity || perCategory < Infinity,
    broken(position) {
      if (isFull(brands, brand[position] ?? 0, perBrand)) return "cap_brand";
      return isFull(categories, category[position] ?? 0, perCategory)
        ? "cap_category"
        : null;
    },
    add(position) {
      increment(brands, brand[position] ?? 0);
      increment(categories, category[position] ?? 0);
    },
  };
}

/** A knob of 0 is no limit. */
function stricter(constraint: number | undefined, knob: number): number {
  return Math.min(constraint ?? Infinity, knob === 0 ? Infinity : knob);
}

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
