import type {
  AttributeValue,
  FieldError,
  SchemaField,
  Warning,
} from "@recsys/contracts";
import { keyUse, type DeprecatedUse } from "../deprecations.ts";
import { typeError } from "../ingest/typed-keys.ts";

/** Context keys that every namespace knows. */
const BUILT_IN: Readonly<Record<string, SchemaField>> = {
  locale: { type: "string" },
  device: { type: "string" },
  country: { type: "string" },
};

type Values = Readonly<Record<string, AttributeValue>>;

interface Place {
  readonly fields: Readonly<Record<string, SchemaField>>;
  readonly path: "/context" | "/user/traits";
  readonly noun: string;
}

/**
 * The values whose keys are declared. Others are left out with a warning,
 * before ranking and not only from the record: what a decision was made from
 * is what is logged, so that it can be replayed.
 */
export function declaredOnly(
  values: Values | undefined,
  place: Place,
): {
  readonly values: Values;
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
  readonly deprecated: readonly DeprecatedUse[];
} {
  if (values === undefined) {
    return { values: {}, errors: [], warnings: [], deprecated: [] };
  }
  const kept: Record<string, AttributeValue> = {};
  const errors: FieldError[] = [];
  const warnings: Warning[] = [];
  const deprecated: DeprecatedUse[] = [];
  const group = place.path === "/context" ? "context" : "traits";
  for (const [key, value] of Object.entries(values)) {
    const field = fieldOf(key, place);
    if (field === undefined) {
      warnings.push({
        code: "KEY_UNDECLARED",
        detail: `The ${place.noun} ${key} is not declared in the schema, so it was not used.`,
      });
      continue;
    }
    const message = typeError(field, value);
    if (message === null) kept[key] = value;
    else errors.push({ path: `${place.path}/${key}`, code: "type", message });
    if (field.deprecated !== undefined) {
      deprecated.push(...keyUse(group, key, field));
      warnings.push({
        code: "KEY_DEPRECATED",
        detail: `The ${place.noun} ${key} is deprecated since ${field.deprecated.since}.`,
      });
    }
  }
  return { values: kept, errors, warnings, deprecated };
}

function fieldOf(key: string, place: Place): SchemaField | undefined {
  if (Object.hasOwn(place.fields, key)) return place.fields[key];
  const isBuiltIn = place.path === "/context" && Object.hasOwn(BUILT_IN, key);
  return isBuiltIn ? BUILT_IN[key] : undefined;
}
