import { listHead, listScores, scoreAt } from "../signals/ranked-lists.ts";
import type { Source } from "../source.ts";

/** What many people choose, everywhere and where the request comes from. */
export const popularity: Source<"popularity"> = {
  name: "popularity",
  description:
    "The most chosen items, of everybody and of the country in the request's context.",
  needs: ["popularity"],
  personal: "never",
  knobs: [
    {
      name: "popularity.country_share",
      description:
        "Share of the country's own popularity in the signal, where the context names a country that has a list.",
      kind: "number",
      default: 0.5,
      minimum: 0,
      maximum: 1,
      unit: "share",
    },
  ],
  reasons: {
    popular: "Popular with other customers",
    popular_in_country: "Popular in your country",
  },
  offer({ signal, request, knobs, limit }) {
    const bound = signal("popularity");
    const country = request.context["country"];
    const group = typeof country === "string" ? `country:${country}` : "";
    const share =
      group !== "" && bound.view.groups.has(group)
        ? knobs.number("popularity.country_share")
        : 0;
    const everybody = listScores(bound, "");
    const inCountry = share > 0 ? listScores(bound, group) : everybody;
    return {
      outcome: "ok",
      positions: interleave(
        share < 1 ? listHead(bound, "", limit) : NOTHING,
        share > 0 ? listHead(bound, group, limit) : NOTHING,
        limit,
      ),
      scoreOf: (position) =>
        (1 - share) * scoreAt(bound, everybody, position) +
        share * scoreAt(bound, inCountry, position),
      reasonOf: (position) => ({
        code:
          share * scoreAt(bound, inCountry, position) >
          (1 - share) * scoreAt(bound, everybody, position)
            ? "popular_in_country"
            : "popular",
      }),
    };
  },
};

const NOTHING = new Int32Array(0);

/** The heads of two lists in turn, each item once. */
function interleave(a: Int32Array, b: Int32Array, limit: number): Int32Array {
  if (b.length === 0) return a;
  const both = new Set<number>();
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    for (const list of [a, b]) {
      const position = list[i];
      if (position !== undefined && both.size < limit) both.add(position);
    }
  }
  return Int32Array.from(both);
}
