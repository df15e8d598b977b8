/** A value as JSON has it. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Whether it is an object, not an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the fields of an object; throws with the field's name when one is absent or of another type. */
export function fieldsOf(object: JsonObject) {
  const get = (name: string) => object[name];
  const refuse = (name: string, kind: string): never => {
    throw new Error(`${name} is not ${kind}`);
  };
  const number = (name: string) => {
    const value = get(name);
    return typeof value === "number" ? value : refuse(name, "a number");
  };
  const text = (name: string) => {
    const value = get(name);
    return typeof value === "string" ? value : refuse(name, "a text");
  };
  const list = (name: string): readonly JsonValue[] => {
    const value = get(name);
    return Array.isArray(value) ? asList(value) : refuse(name, "a list");
  };
  const objects = (name: string) =>
    list(name).map((value) =>
      isObject(value) ? value : refuse(name, "a list of objects"),
    );
  const numbers = (name: string) => numbersIn(list(name), name);
  const texts = (name: string) => textsIn(list(name), name);
  const object_ = (name: string) => {
    const value = get(name);
    return isObject(value) ? value : refuse(name, "an object");
  };
  const has = (name: string) => (get(name) ?? null) !== null;
  const map = <T>(name: string, read: (value: JsonValue) => T) =>
    new Map(Object.entries(object_(name)).map(([k, v]) => [k, read(v)]));
  return { number, text, list, objects, numbers, texts, map, has };
}

export type Fields = ReturnType<typeof fieldsOf>;

/** The list as numbers; throws for anything else in it. */
export function numbersIn(list: JsonValue, name: string): number[] {
  return asList(list).map((value) => {
    if (typeof value === "number") return value;
    throw new Error(`${name} holds something that is not a number`);
  });
}

/** The list as texts; throws for anything else in it. */
export function textsIn(list: JsonValue, name: string): string[] {
  return asList(list).map((value) => {
    if (typeof value === "string") return value;
    throw new Error(`${name} holds something that is not a text`);
  });
}

export function numberIn(value: JsonValue): number {
  if (typeof value === "number") return value;
  throw new Error("a value is not a number");
}

function asList(value: JsonValue): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new Error("a list was expected");
  return value as readonly JsonValue[];
}
