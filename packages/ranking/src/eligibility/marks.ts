import { MARK } from "../scratch.ts";
import type { Filter, FilterInput } from "./filter.ts";

function removesMarked(marks: Uint8Array, bit: number) {
  return {
    removes: (position: number) => ((marks[position] ?? 0) & bit) !== 0,
  };
}

/** With include_ids (or the items to rerank) nothing else may be listed. */
export const included: Filter = {
  reason: "not_included",
  text: "is not among the items that the request allows (include_ids)",
  prepare({ request, marks }) {
    if (request.include === null) return null;
    return {
      removes: (position) => ((marks[position] ?? 0) & MARK.included) === 0,
    };
  },
};

export const excluded: Filter = {
  reason: "excluded",
  sparesPlain: true,
  text: "is excluded by the request (exclude_ids)",
  prepare: ({ request, marks }: FilterInput) =>
    request.exclude.length === 0 ? null : removesMarked(marks, MARK.excluded),
};

export const anchorItem: Filter = {
  reason: "anchor",
  sparesPlain: true,
  text: "is itself an anchor of the request",
  prepare: ({ request, marks }: FilterInput) =>
    request.anchors.length === 0 ? null : removesMarked(marks, MARK.anchor),
};

export const disliked: Filter = {
  reason: "disliked",
  sparesPlain: true,
  text: "was disliked or hidden by the user",
  prepare: ({ marks }) => removesMarked(marks, MARK.disliked),
};

export const alreadyShown: Filter = {
  reason: "already_shown",
  sparesPlain: true,
  text: "was shown in an earlier answer that must not repeat",
  prepare: ({ request, marks }: FilterInput) =>
    [request.shown, request.paged ?? [], request.onPage ?? []].every(
      ({ length }) => length === 0,
    )
      ? null
      : removesMarked(marks, MARK.shown),
};

/** Whoever saw an item often enough sees something else. */
export const frequencyCap: Filter = {
  reason: "frequency_cap",
  sparesPlain: true,
  text: "was shown to this person as often as fatigue.cap allows within fatigue.window_hours",
  prepare: ({ knobs, marks }: FilterInput) =>
    knobs.number("fatigue.cap") === 0
      ? null
      : removesMarked(marks, MARK.capped),
};

export const alreadySeen: Filter = {
  reason: "already_seen",
  sparesPlain: true,
  text: "is in the user's history (eligibility.exclude_seen)",
  prepare({ knobs, marks }) {
    switch (knobs.choice("eligibility.exclude_seen")) {
      case "all":
        return removesMarked(marks, MARK.seen);
      case "purchased":
        return removesMarked(marks, MARK.purchased);
      default:
        return null;
    }
  },
};
