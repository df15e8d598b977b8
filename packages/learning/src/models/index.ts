import { ease } from "./ease.ts";
import { easeSparse } from "./ease-sparse.ts";
import { graphFilter } from "./graph-filter.ts";
import { itemCosine } from "./item-cosine.ts";
import { itemJaccard } from "./item-jaccard.ts";
import { itemLift } from "./item-lift.ts";
import type { Model } from "./model.ts";
import { rp3Beta } from "./rp3-beta.ts";
import { userKnn } from "./user-knn.ts";

/** The registry of models that are not served yet: those that win on validation data become signals. */
export const MODELS: readonly Model[] = [
  itemCosine,
  itemJaccard,
  itemLift,
  userKnn,
  rp3Beta,
  graphFilter,
  ease,
  easeSparse,
];
