import type { RecommendResponse } from "@recsys/contracts";
import type { Grocer, Household } from "./grocer.ts";

/** The ids of a list, best first. */
export function idsOf({ items }: RecommendResponse): string[] {
  return items.map(({ item_id }) => item_id);
}

/** NDCG with binary relevance of the list against what was bought. */
export function ndcg(ids: readonly string[], household: Household): number {
  let gain = 0;
  let ideal = 0;
  ids.forEach((id, at) => {
    const discount = 1 / Math.log2(at + 2);
    if (household.bought.has(id)) gain += discount;
    if (at < household.bought.size) ideal += discount;
  });
  return ideal === 0 ? 0 : gain / ideal;
}

/** One over the rank of the first hit; 0 without one. */
export function reciprocalRank(
  ids: readonly string[],
  { bought }: Household,
): number {
  const at = ids.findIndex((id) => bought.has(id));
  return at < 0 ? 0 : 1 / (at + 1);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Lists for many households, a few at a time. */
export async function listsFor<T>(
  households: readonly Household[],
  ask: (household: Household) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  for (let from = 0; from < households.length; from += 8) {
    const group = households.slice(from, from + 8);
    answers.push(...(await Promise.all(group.map(ask))));
  }
  return answers;
}

/** Every n-th, so that `count` of them are spread over all. */
export function spread<T>(all: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, at) => at % step === 0).slice(0, count);
}

/** What an item of the grocer looks like. */
export interface Product {
  readonly item_id: string;
  readonly tags: readonly string[];
  readonly category: readonly string[];
  readonly brand?: string;
}

/** The items of a list as the catalogue has them. */
export function productsOf({ items }: RecommendResponse): Product[] {
  return items.map(({ item }) => item as unknown as Product);
}

/** The same request of a household, with what a scenario adds. */
export function ask(
  grocer: Grocer,
  more: Partial<Parameters<Grocer["list"]>[0]> = {},
): (household: Household) => Promise<RecommendResponse> {
  return ({ id }) =>
    grocer.list({
      surface: "home",
      k: 20,
      user: { user_id: id },
      options: { include_items: true },
      ...more,
    });
}
