import { ApiError, type RuleSet } from "@recsys/contracts";
import { runRuleCases, snapshotWithRules } from "@recsys/ranking";
import type { ServiceContext } from "../context.ts";
import { caseErrors } from "./rule-errors.ts";

/** Throws RULE_CASES_FAILED when a test case of the rules fails, or one is missing. */
export async function requireCases(
  context: ServiceContext,
  set: RuleSet,
  place: { readonly tenant: string; readonly namespace: string },
): Promise<void> {
  const hasCases = (set.cases ?? []).length > 0;
  // Without cases no list need be ranked: a namespace may have rules before it has items.
  const outcomes = hasCases ? await runCases(context, set, place) : [];
  const errors = caseErrors(set, outcomes);
  if (errors.length > 0) throw new ApiError("RULE_CASES_FAILED", { errors });
}

async function runCases(
  { snapshots, clock }: ServiceContext,
  set: RuleSet,
  place: { readonly tenant: string; readonly namespace: string },
) {
  const { loaded } = await snapshots.ensure(place.tenant, place.namespace);
  return runRuleCases(snapshotWithRules(loaded.snapshot, set), clock());
}
