import type { JsonObject } from "./fields.ts";

/** Computes what a case expects; `expected` only tells how many values of an endless sequence are wanted. */
export type Recompute = (input: JsonObject, expected: JsonObject) => JsonObject;
