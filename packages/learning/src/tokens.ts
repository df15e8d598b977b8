import type { ItemText } from "./signal.ts";

/** Words that carry no meaning of their own are left to idf; a run of letters or digits is a word. */
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * The words of a text: compatibility-normalised (NFKD), marks removed, lower
 * case, split at everything that is neither letter nor digit; single
 * characters are dropped. No stemming and no stop words, for they are
 * different in every language.
 */
export function words(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return (plain.match(WORD) ?? []).filter((word) => word.length > 1);
}

/** How much a term counts by where it stands, against a word of the description at 1. */
const TITLE_WEIGHT = 3;
const EXACT_WEIGHT = 2;

/**
 * The terms of an item with their counts: words of title and description,
 * and tags, brand and each step of the category path as one exact term each,
 * so that the brand "Apple" is not the word apple.
 */
export function terms(item: ItemText): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (term: string, weight: number) => {
    counts.set(term, (counts.get(term) ?? 0) + weight);
  };
  for (const word of words(item.title ?? "")) add(word, TITLE_WEIGHT);
  for (const word of words(item.description ?? "")) add(word, 1);
  for (const tag of item.tags) add(`tag:${tag}`, EXACT_WEIGHT);
  if (item.brand !== undefined) add(`brand:${item.brand}`, EXACT_WEIGHT);
  item.category.forEach((_, depth) => {
    const path = item.category.slice(0, depth + 1).join("/");
    add(`category:${path}`, EXACT_WEIGHT);
  });
  return counts;
}
