import { BANDIT_KINDS, type BanditKind } from "@recsys/contracts";
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

/** Throws for a name that is none: a defect of the caller, who checked it. */
export function banditKind(name: string): BanditKind {
  const kind = BANDIT_KINDS.find((each) => each === name);
  if (kind === undefined) throw new Error(`no bandit policy ${name}`);
  return kind;
}
