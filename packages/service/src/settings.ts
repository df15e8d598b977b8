/** How a setting's text becomes a value; `null` means not set. */
export interface Setting<T> {
  readonly name: string;
  /** Used when the variable is absent; a function where it follows from other settings. */
  readonly default: T;
  readonly unit: string;
  readonly description: string;
  readonly secret: boolean;
  /** The value, or the reason why the text is not one. */
  readonly parse: (text: string) => Parsed<T>;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

interface Words {
  readonly name: string;
  readonly description: string;
  readonly unit?: string;
  readonly secret?: boolean;
}

function setting<T>(
  words: Words,
  fallback: T,
  parse: (text: string) => Parsed<T>,
): Setting<T> {
  return {
    name: words.name,
    description: words.description,
    unit: words.unit ?? "",
    secret: words.secret ?? false,
    default: fallback,
    parse,
  };
}

/** A number within bounds, whole numbers only when `whole`. */
export function numberSetting(
  words: Words & {
    readonly default: number;
    readonly minimum: number;
    readonly maximum: number;
    readonly whole?: boolean;
  },
): Setting<number> {
  return setting(words, words.default, (text) => {
    const value = Number(text);
    const fits =
      text.trim() !== "" &&
      Number.isFinite(value) &&
      value >= words.minimum &&
      value <= words.maximum &&
      (words.whole !== true || Number.isInteger(value));
    const kind = words.whole === true ? "a whole number" : "a number";
    return fits
      ? { ok: true, value }
      : {
          ok: false,
          reason: `must be ${kind} from ${words.minimum} to ${words.maximum}`,
        };
  });
}

export function booleanSetting<D extends boolean | null>(
  words: Words & { readonly default: D },
): Setting<boolean | D> {
  return setting<boolean | D>(words, words.default, (text) =>
    text === "true" || text === "false"
      ? { ok: true, value: text === "true" }
      : { ok: false, reason: "must be true or false" },
  );
}

export function choiceSetting<const C extends string>(
  words: Words & { readonly default: C; readonly choices: readonly C[] },
): Setting<C> {
  return setting(words, words.default, (text) => {
    const found = words.choices.find((choice) => choice === text);
    return found === undefined
      ? { ok: false, reason: `must be one of ${words.choices.join(", ")}` }
      : { ok: true, value: found };
  });
}

export function textSetting<D extends string | null>(
  words: Words & {
    readonly default: D;
    readonly pattern?: RegExp;
    readonly form?: string;
  },
): Setting<string | D> {
  return setting<string | D>(words, words.default, (text) =>
    (words.pattern ?? /./).test(text)
      ? { ok: true, value: text }
      : { ok: false, reason: `must be ${words.form ?? "some text"}` },
  );
}
