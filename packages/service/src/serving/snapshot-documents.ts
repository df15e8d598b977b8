import {
  ConfigDocument,
  DEFAULT_CONFIG,
  FallbackLists,
  Manifest,
  RuleSet,
  validator,
  versionName,
  type FieldError,
  type PointerName,
  type PointerState,
  type Validator,
} from "@recsys/contracts";

/** A document with the version that it is. `state` null: nobody has written one yet. */
export interface Versioned<T> {
  readonly state: PointerState | null;
  readonly content: T;
}

/** What every namespace starts with. */
export const NO_RULES: RuleSet = { rules: [] };
export const NO_FALLBACKS: FallbackLists = { lists: {} };
export const DEFAULTS = {
  config: { state: null, content: DEFAULT_CONFIG },
  rules: { state: null, content: NO_RULES },
  fallbacks: { state: null, content: NO_FALLBACKS },
} as const;

/** Name of a version in answers and records; `0-default` where nothing was written. */
export function versionOf(document: {
  readonly state: PointerState | null;
}): string {
  return document.state === null ? "0-default" : versionName(document.state);
}

/** The counter in a version name. */
export function versionNumber(name: string): number {
  return Number.parseInt(name, 10);
}

const CHECKS = {
  config: validator(ConfigDocument),
  rules: validator(RuleSet),
  fallbacks: validator(FallbackLists),
  manifest: validator(Manifest),
} as const satisfies Partial<Record<PointerName, Validator>>;

/** Everything about the document that this release cannot read; empty when it can. */
function documentErrors(
  pointer: keyof typeof CHECKS,
  content: unknown,
): readonly FieldError[] {
  return CHECKS[pointer](content);
}

/** Throws a plain Error when this release cannot read the document. */
export function requireReadable(
  pointer: keyof typeof CHECKS,
  content: unknown,
): void {
  const [first] = documentErrors(pointer, content);
  if (first === undefined) return;
  throw new Error(
    `${pointer} cannot be read: ${first.path || "/"} ${first.message}`,
  );
}
