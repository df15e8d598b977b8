import { describe, expect, it } from "vitest";
import {
  item,
  neighbours,
  only,
  rankIn,
  shop,
  user,
  event,
} from "../test/shop.ts";
import {
  SOURCE_LOCALE,
  TRANSLATIONS,
  UNTITLED,
} from "./reason-translations.ts";
import {
  chooseLocale,
  REASON_TEXTS,
  reasonTextErrors,
  reasonTexts,
} from "./reason-texts.ts";

const LOCALES = [SOURCE_LOCALE, ...Object.keys(TRANSLATIONS)];
const CODES = [...Object.keys(REASON_TEXTS), UNTITLED].sort();

describe("reason texts", () => {
  it("are there for every code in every built-in language, with the same placeholders", () => {
    expect(LOCALES).toEqual(["en", "de", "fr", "es"]);
    for (const texts of Object.values(TRANSLATIONS)) {
      expect(Object.keys(texts).sort()).toEqual(CODES);
    }
    for (const locale of LOCALES) {
      const texts = reasonTexts({}, locale);
      for (const [code, source] of Object.entries(REASON_TEXTS)) {
        expect(texts[code]?.includes("{anchor}")).toBe(
          source.includes("{anchor}"),
        );
        expect(texts[code]?.replace("{anchor}", "")).not.toMatch(/[{}]/);
      }
    }
  });

  it("name no other person and no sensitive trait", () => {
    const sensitive =
      /\b(age|gender|religion|health|income|ethnic|politic|sexual|pregnan|alter|geschlecht|gesundheit|âge|sexe|santé|edad|sexo|salud|user|customer \w+ bought)\b/i;
    for (const locale of LOCALES) {
      for (const text of Object.values(reasonTexts({}, locale))) {
        expect(text).not.toMatch(sensitive);
        // Items are the only thing that a text is filled with.
        expect(text.match(/\{\w+\}/g) ?? []).toSatisfy((found: string[]) =>
          found.every((each) => each === "{anchor}"),
        );
      }
    }
  });

  it("come from the configuration first, from wider languages where it has none", () => {
    const config = {
      reason_texts: {
        de: { trending: "Renner" },
        "de-AT": { new_item: "Frisch" },
        nl: { trending: "Populair nu" },
      },
    };
    const austrian = reasonTexts(config, "de-AT");
    expect(austrian["new_item"]).toBe("Frisch");
    expect(austrian["trending"]).toBe("Renner");
    expect(austrian["pinned"]).toBe("Hervorgehoben");
    expect(reasonTexts(config, "nl")["pinned"]).toBe("Featured");
    expect(reasonTexts(config)["trending"]).toBe("Trending now");
  });

  it("are chosen by lookup: subtags go from the end, the first that fits wins", () => {
    const config = { reason_texts: { "pt-BR": {} } };
    expect(chooseLocale({}, ["de-CH-1996"])).toBe("de");
    expect(chooseLocale({}, ["de-x-private"])).toBe("de");
    expect(chooseLocale({}, ["tlh", "FR-ca", "es"])).toBe("fr");
    expect(chooseLocale(config, ["pt-br"])).toBe("pt-BR");
    expect(chooseLocale(config, ["pt"])).toBe(null);
    expect(chooseLocale({}, ["xx"])).toBe(null);
    expect(chooseLocale({}, [""])).toBe(null);
  });

  it("refuse codes and placeholders that there are not", () => {
    expect(
      reasonTextErrors({
        reason_texts: {
          de: {
            wealthy: "Weil Sie reich sind",
            trending: "Gefragt bei {user}",
            item_knn: "Passt zu {anchor}",
          },
        },
      }).map(({ path, code }) => [path, code]),
    ).toEqual([
      ["/reason_texts/de/wealthy", "unknown_reason"],
      ["/reason_texts/de/trending", "placeholder"],
    ]);
  });
});

describe("a list", () => {
  it("has its reasons in the language of the request", () => {
    const snapshot = shop({
      items: [item("tea", { title: "Tea {anchor} $&" }), item("mug")],
      signals: { "item-knn": neighbours({ tea: { mug: 0.8 } }) },
      tenantKnobs: only({ item_knn: 1 }),
      config: { reason_texts: { es: { item_knn_bought: "Va con {anchor}" } } },
    });
    const textIn = (locale?: string) =>
      rankIn(
        snapshot,
        { k: 1, ...(locale === undefined ? {} : { locale }) },
        { userState: user([event("tea")]) },
      ).slate[0]?.reasons[0]?.text;
    expect(textIn()).toBe("Because you bought Tea {anchor} $&");
    expect(textIn("de")).toBe("Zu Ihrem Kauf: Tea {anchor} $&");
    expect(textIn("es")).toBe("Va con Tea {anchor} $&");
  });
});
