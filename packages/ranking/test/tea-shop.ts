import { item, lists, neighbours, only, shop } from "./shop.ts";

export const TEA_ITEMS = ["tea", "mug", "pot", "spoon", "hat", "scarf"].map(
  (id) => item(id),
);
export const POPULARITY = lists({ "": { hat: 1, scarf: 0.5, mug: 0.25 } });
const KNN = neighbours({
  tea: { mug: 0.8, pot: 0.4 },
  mug: { tea: 0.8, spoon: 0.6 },
});
const WEIGHTS = only({ item_knn: 1, popularity: 0.2 });

/** Six items, of which people chose mug and pot with tea, tea and spoon with mug. */
export function teaShop(more: Partial<Parameters<typeof shop>[0]> = {}) {
  return shop({
    items: TEA_ITEMS,
    signals: { popularity: POPULARITY, "item-knn": KNN },
    tenantKnobs: WEIGHTS,
    ...more,
  });
}
