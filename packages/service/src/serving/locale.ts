import type { RankRequest, UserState } from "@recsys/contracts";
import { chooseLocale, type Snapshot } from "@recsys/ranking";
import type { ListCall } from "./list-call.ts";
import type { Normalised } from "./normalise.ts";

/**
 * The language of the reasons: of the context key `locale`, else the person's,
 * else Accept-Language; nothing where none of them is spoken here, which is
 * English.
 */
export function localeOf(
  { acceptLanguage }: Pick<ListCall, "acceptLanguage">,
  facts: {
    readonly snapshot: Snapshot;
    readonly normalised: Pick<Normalised, "request">;
    readonly state: Pick<UserState, "locale">;
  },
): Pick<RankRequest, "locale"> {
  const { locale: asked } = facts.normalised.request.context;
  const wanted = [
    ...(typeof asked === "string" ? [asked] : []),
    ...(facts.state.locale === undefined ? [] : [facts.state.locale]),
    ...languagesIn(acceptLanguage ?? ""),
  ];
  if (wanted.length === 0) return {};
  const locale = chooseLocale(facts.snapshot.config, wanted);
  return locale === null ? {} : { locale };
}

const MOST_LANGUAGES = 20;

/** The ranges of Accept-Language, best first; `*` and what is refused by q=0 are left out. */
export function languagesIn(header: string): string[] {
  return header
    .split(",", MOST_LANGUAGES)
    .map((part) => {
      const [range = "", ...parameters] = part.split(";");
      const q = parameters
        .map((each) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/i.exec(each)?.[1])
        .find((found) => found !== undefined);
      return { range: range.trim(), quality: Number(q ?? 1) };
    })
    .filter(({ range, quality }) => /^[\w-]{1,35}$/.test(range) && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ range }) => range);
}
