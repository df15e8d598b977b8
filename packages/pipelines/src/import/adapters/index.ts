import type { Adapter } from "../record.ts";
import { completeJourney } from "./complete-journey.ts";
import { csv, jsonl, parquet } from "./mapped.ts";
import { movielens } from "./movielens.ts";
import { onlineRetail } from "./online-retail.ts";

/** Every data set and file kind that `recsys import --adapter` takes. */
export const ADAPTERS: readonly Adapter[] = [
  csv,
  jsonl,
  parquet,
  onlineRetail,
  completeJourney,
  movielens,
];
