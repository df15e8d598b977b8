import type { BanditKind } from "@recsys/contracts";
import { linucb } from "./linucb.ts";
import type { BanditPolicy } from "./policy.ts";
import { thompson } from "./thompson.ts";
import { ucb } from "./ucb.ts";
import { uniform } from "./uniform.ts";

/** Every way to choose between arms. */
export const BANDIT_POLICIES: Readonly<Record<BanditKind, BanditPolicy>> = {
  thompson,
  ucb,
  linucb,
  uniform,
};
