import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { FieldError } from "./errors.ts";

/** Checks a value and lists every field that is not acceptable; an empty list means it is. */
export type Validator = (value: unknown) => readonly FieldError[];

/** Compiles a schema once; the returned function is cheap for good values. */
export function validator(schema: TSchema): Validator {
  const compiled = Compile(schema);
  return (value) => {
    const crowd = crowdIn(value);
    if (crowd !== null) return [crowd];
    if (compiled.Check(value)) return [];
    const errors = firstPerPath(compiled.Errors(value).flatMap(toFieldError));
    // TypeBox lists only the first errors: whatever it lists, the value is not acceptable.
    return errors.length > 0 ? errors : [UNNAMED];
  };
}

const UNNAMED: FieldError = {
  path: "",
  code: "invalid",
  message: "is not acceptable",
};

/** More members than any schema of the product has; walking them field by field would hold everybody up. */
const MOST_MEMBERS = 10_000;

/** The first object with a crowd of members, or list with more entries than any schema takes. */
function crowdIn(root: unknown): FieldError | null {
  const waiting: { readonly path: string; readonly value: unknown }[] = [
    { path: "", value: root },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, value } = next;
    if (typeof value !== "object" || value === null) continue;
    const entries = Array.isArray(value)
      ? value.entries()
      : Object.entries(value);
    let members = 0;
    for (const [key, inner] of entries) {
      if (++members > MOST_MEMBERS) {
        return {
          path,
          code: "too_many",
          message: `has more than ${MOST_MEMBERS} members`,
        };
      }
      if (typeof inner !== "object" || inner === null) continue;
      waiting.push({
        path: `${path}/${escapePointer(String(key))}`,
        value: inner,
      });
    }
  }
  return null;
}

/** A union reports each branch; the first is the one that the caller most likely meant. */
function firstPerPath(errors: readonly FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter((error) => {
    if (seen.has(error.path)) return false;
    seen.add(error.path);
    return true;
  });
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

/** Translates an error of JSON Schema into ours, with the path of the field itself. */
function toFieldError(error: SchemaError): FieldError[] {
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === "required") {
    return names(params["requiredProperties"]).map((name) => ({
      path: `${error.instancePath}/${escapePointer(name)}`,
      code: "required",
      message: "is required",
    }));
  }
  if (error.keyword === "additionalProperties") {
    return names(params["additionalProperties"]).map((name) =>
      unknownField(`${error.instancePath}/${escapePointer(name)}`),
    );
  }
  // The false schema behind `additionalProperties: false`, reported field by field.
  if (error.keyword === "boolean") return [unknownField(error.instancePath)];
  return [
    { path: error.instancePath, code: error.keyword, message: error.message },
  ];
}

function unknownField(path: string): FieldError {
  return { path, code: "unknown_field", message: "is not a known field" };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
