/** How a setting's text becomes a value; `null` means not set. */
export interface Setting<T> {
  readonly name: string;
  /** Used when the variable is absent; a function where it follows from other settings. */
  readonly default: T;
  readonly unit: string;
  /** What may be given: a range, the choices, the form of the text. */
  readonly values: string;
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
  rest: Pick<Setting<T>, "default" | "parse" | "values">,
): Setting<T> {
  return {
    name: words.name,
    description: words.description,
    unit: words.unit ?? "",
    secret: words.secret ?? false,
    ...rest,
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
  const { minimum, maximum, whole = false } = words;
  const range = `${minimum} to ${maximum}`;
  return setting(words, {
    default: words.default,
    values: whole ? `${range}, whole` : range,
    parse: (text) => {
      const value = Number(text);
      const fits =
        text.trim() !== "" &&
        Number.isFinite(value) &&
        value >= minimum &&
        value <= maximum &&
        (!whole || Number.isInteger(value));
      const kind = whole ? "a whole number" : "a number";
      return fits
        ? { ok: true, value }
        : { ok: false, reason: `must be ${kind} from ${range}` };
    },
  });
}

export function booleanSetting<D extends boolean | null>(
  words: Words & { readonly default: D },
): Setting<boolean | D> {
  return setting<boolean | D>(words, {
    default: words.default,
    values: "true, false",
    parse: (text) =>
      text === "true" || text === "false"
        ? { ok: true, value: text === "true" }
        : { ok: false, reason: "must be true or false" },
  });
}

export function choiceSetting<const C extends string>(
  words: Words & { readonly default: C; readonly choices: readonly C[] },
): Setting<C> {
  const values = words.choices.join(", ");
  return setting(words, {
    default: words.default,
    values,
    parse: (text) => {
      const found = words.choices.find((choice) => choice === text);
      return found === undefined
        ? { ok: false, reason: `must be one of ${values}` }
        : { ok: true, value: found };
    },
  });
}

export function textSetting<D extends string | null>(
  words: Words & {
    readonly default: D;
    readonly pattern?: RegExp;
    readonly form?: string;
  },
): Setting<string | D> {
  return setting<string | D>(words, {
    default: words.default,
    values: words.form ?? "text",
    parse: (text) =>
      (words.pattern ?? /./).test(text)
        ? { ok: true, value: text }
        : { ok: false, reason: `must be ${words.form ?? "some text"}` },
  });
}
