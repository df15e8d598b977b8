import type {
  AttributeValue,
  FieldError,
  SchemaField,
} from "@recsys/contracts";

/** Why a value does not fit its declared type; null when it does. */
export function typeError(
  field: SchemaField,
  value: AttributeValue,
): string | null {
  const given = Array.isArray(value) ? "string_list" : typeof value;
  return given === field.type
    ? null
    : `must be a ${field.type.replace("_", " ")}, as the schema declares`;
}

interface KeyCheck {
  readonly errors: readonly FieldError[];
  readonly warnings: readonly string[];
  /** Deprecated keys that were used, to be counted. */
  readonly deprecated: readonly string[];
}

/** Checks the keys of attributes or traits against the schema of the namespace; null clears any key. */
export function checkKeys(
  values: Readonly<Record<string, AttributeValue | null>> | undefined,
  fields: Readonly<Record<string, SchemaField>>,
  path: "/attributes" | "/traits",
): KeyCheck {
  const errors: FieldError[] = [];
  const warnings: string[] = [];
  const deprecated: string[] = [];
  for (const [key, value] of Object.entries(values ?? {})) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) {
      if (value !== null) errors.push(undeclared(`${path}/${key}`));
      continue;
    }
    const message = value === null ? null : typeError(field, value);
    if (message !== null) {
      errors.push({ path: `${path}/${key}`, code: "type", message });
    }
    if (field.deprecated !== undefined && value !== null) {
      deprecated.push(key);
      const { since, use } = field.deprecated;
      const instead = use === undefined ? "" : `; use ${use}`;
      warnings.push(`${path}/${key} is deprecated since ${since}${instead}`);
    }
  }
  return { errors, warnings, deprecated };
}

function undeclared(path: string): FieldError {
  return {
    path,
    code: "undeclared",
    message: "is not declared in the schema section of the configuration",
  };
}
