import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { FieldError } from "./errors.ts";

/** Checks a value and lists every field that is not acceptable; an empty list means it is. */
export type Validator = (value: unknown) => readonly FieldError[];

/** Compiles a schema once; the returned function is cheap for good values. */
export function validator(schema: TSchema): Validator {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return [];
    return firstPerPath(
      compiled.Errors(value).filter(isOwn).flatMap(toFieldError),
    );
  };
}

/** TypeBox also reports the false schema behind `additionalProperties: false`, field by field. */
function isOwn(error: SchemaError): boolean {
  return error.keyword !== "boolean";
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
    return names(params["additionalProperties"]).map((name) => ({
      path: `${error.instancePath}/${escapePointer(name)}`,
      code: "unknown_field",
      message: "is not a known field",
    }));
  }
  return [
    { path: error.instancePath, code: error.keyword, message: error.message },
  ];
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
