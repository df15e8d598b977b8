import type { ConfigDocument, FieldError } from "@recsys/contracts";
import { SOURCES } from "./sources/index.ts";
import {
  SOURCE_LOCALE,
  TRANSLATIONS,
  UNTITLED,
  UNTITLED_TEXT,
} from "./reason-translations.ts";

/** Texts of the reasons that no source gives. */
const OTHER_TEXTS = {
  backfill_popular: "Popular with other customers",
  backfill_fallback: "A favourite of the shop",
  backfill_catalogue: "From the catalogue",
  boosted: "Recommended by the shop",
  sponsored: "Sponsored",
} as const;

/** Every reason code with its English text, from the files of the sources. */
export const REASON_TEXTS: Readonly<Record<string, string>> =
  Object.fromEntries([
    ...Object.entries(OTHER_TEXTS),
    ...SOURCES.flatMap(({ reasons }) => Object.entries(reasons)),
  ]);

/** What a text may be of: the codes, and the word for an item without a title. */
const SOURCE_TEXTS: Readonly<Record<string, string>> = {
  ...REASON_TEXTS,
  [UNTITLED]: UNTITLED_TEXT,
};

type Texts = Readonly<Record<string, string>>;
type ReasonConfig = Pick<ConfigDocument, "reason_texts">;

/** The texts of one language with what it lacks from wider ones; made once per configuration and locale. */
export function reasonTexts(
  config: ReasonConfig,
  locale: string = SOURCE_LOCALE,
): Texts {
  const key = config.reason_texts ?? NO_TEXTS;
  const known = CACHE.get(key) ?? new Map<string, Texts>();
  CACHE.set(key, known);
  const found = known.get(locale);
  if (found !== undefined) return found;
  const own = key as Readonly<Record<string, Texts>>;
  const made: Record<string, string> = { ...SOURCE_TEXTS };
  for (const tag of [SOURCE_LOCALE, ...widestFirst(locale)]) {
    Object.assign(made, pick(TRANSLATIONS, tag), pick(own, tag));
  }
  known.set(locale, made);
  return made;
}

const NO_TEXTS = {};
/** Derived from immutable configuration and nothing else, and gone with it. */
const CACHE = new WeakMap<object, Map<string, Texts>>();

function pick(
  texts: Readonly<Record<string, Texts>>,
  tag: string,
): Texts | undefined {
  const key = Object.keys(texts).find(
    (each) => each.toLowerCase() === tag.toLowerCase(),
  );
  return key === undefined ? undefined : texts[key];
}

/** `zh-Hant-TW` → zh, zh-Hant, zh-Hant-TW. */
function widestFirst(locale: string): string[] {
  const parts = locale.split("-");
  return parts.map((_, at) => parts.slice(0, at + 1).join("-"));
}

/**
 * The first wanted language that there are texts for, by the lookup of RFC
 * 4647: each loses its last subtag until one fits. Null where none does.
 */
export function chooseLocale(
  config: ReasonConfig,
  wanted: readonly string[],
): string | null {
  const available = new Map(
    [
      SOURCE_LOCALE,
      ...Object.keys(TRANSLATIONS),
      ...Object.keys(config.reason_texts ?? {}),
    ].map((tag) => [tag.toLowerCase(), tag]),
  );
  for (const range of wanted) {
    const parts = range.toLowerCase().split("-");
    while (parts.length > 0) {
      const found = available.get(parts.join("-"));
      if (found !== undefined) return found;
      parts.pop();
      // A single letter introduces what followed it.
      if (parts.at(-1)?.length === 1) parts.pop();
    }
  }
  return null;
}

/** What of the section `reason_texts` cannot be said: codes that there are not, and placeholders that their reason does not fill. */
export function reasonTextErrors({ reason_texts }: ReasonConfig): FieldError[] {
  return Object.entries(reason_texts ?? {}).flatMap(([locale, texts]) =>
    Object.entries(texts).flatMap(([code, text]) =>
      textErrors(code, text).map((error) => ({
        ...error,
        path: `/reason_texts/${locale}/${code}`,
      })),
    ),
  );
}

function textErrors(
  code: string,
  text: string,
): { readonly code: string; readonly message: string }[] {
  const source = Object.hasOwn(SOURCE_TEXTS, code)
    ? SOURCE_TEXTS[code]
    : undefined;
  if (source === undefined) {
    const message = `there is no reason ${code}`;
    return [{ code: "unknown_reason", message }];
  }
  const allowed = placeholders(source);
  return placeholders(text)
    .filter((each) => !allowed.includes(each))
    .map((each) => ({
      code: "placeholder",
      message: `the reason ${code} does not fill ${each}`,
    }));
}

function placeholders(text: string): string[] {
  return text.match(/[{}][^{}]*[{}]?/g) ?? [];
}
