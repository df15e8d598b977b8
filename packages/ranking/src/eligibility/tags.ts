import type { Filter, FilterInput } from "./filter.ts";

/** Numbers of the tags; -1 for a tag that no item has. */
function tagNumbers(input: FilterInput, tags: readonly string[]): number[] {
  return tags.map((tag) => input.catalogue.words.tags.get(tag) ?? -1);
}

const NONE: readonly number[] = [];

export const allOf: Filter = {
  reason: "lacks_all_of",
  text: "lacks one of the tags that the request requires (all_of)",
  prepare(input) {
    const { all_of: names } = input.request.constraints;
    if (names === undefined || names.length === 0) return null;
    const wanted = tagNumbers(input, names);
    const { tags } = input.catalogue.columns;
    return {
      removes: (position) => {
        const own = tags[position] ?? NONE;
        return !wanted.every((tag) => own.includes(tag));
      },
    };
  },
};

/** An empty list asks for nothing. */
export const anyOf: Filter = {
  reason: "lacks_any_of",
  text: "has none of the tags that the request asks for (any_of)",
  prepare(input) {
    const { any_of: names } = input.request.constraints;
    if (names === undefined || names.length === 0) return null;
    const wanted = tagNumbers(input, names);
    const { tags } = input.catalogue.columns;
    return {
      removes: (position) => {
        const own = tags[position] ?? NONE;
        return !wanted.some((tag) => own.includes(tag));
      },
    };
  },
};

export const noneOf: Filter = {
  reason: "has_none_of",
  text: "has a tag that the request rules out (none_of)",
  prepare(input) {
    const { none_of: names } = input.request.constraints;
    if (names === undefined || names.length === 0) return null;
    const banned = tagNumbers(input, names);
    const { tags } = input.catalogue.columns;
    return {
      removes: (position) => {
        const own = tags[position] ?? NONE;
        return banned.some((tag) => own.includes(tag));
      },
    };
  },
};
