import type { Source } from "../source.ts";
import { boosted } from "./boosted.ts";
import { boughtTogether } from "./bought-together.ts";
import { buyAgain } from "./buy-again.ts";
import { candidates } from "./candidates.ts";
import { coVisits } from "./co-visits.ts";
import { content } from "./content.ts";
import { exploration } from "./exploration.ts";
import { ials } from "./ials.ts";
import { itemKnn } from "./item-knn.ts";
import { newItems } from "./new-items.ts";
import { pinned } from "./pinned.ts";
import { popularity } from "./popularity.ts";
import { starter } from "./starter.ts";
import { trending } from "./trending.ts";

/**
 * Every candidate source. The order is that in which contributions are added
 * up and, where two contribute the same, in which reasons are given.
 */
export const SOURCES: readonly Source[] = [
  pinned,
  boosted,
  candidates,
  itemKnn,
  ials,
  boughtTogether,
  coVisits,
  content,
  buyAgain,
  trending,
  newItems,
  starter,
  exploration,
  popularity,
];
