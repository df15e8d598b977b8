/** With the u flag, only a surrogate without its other half matches. */
const HALF_PAIR = /\p{Surrogate}/u;

/**
 * JSON pointer to the first text in a value that Postgres cannot store (a NUL
 * character or half a surrogate pair), or null. Callers reject the row; an
 * unchecked one would fail its whole batch.
 */
export function unstorableText(value: unknown, path = ""): string | null {
  if (typeof value === "string") {
    return value.includes("\0") || HALF_PAIR.test(value) ? path || "/" : null;
  }
  if (value === null || typeof value !== "object") return null;
  for (const [key, member] of Object.entries(value)) {
    const found =
      unstorableText(key, `${path}/`) ??
      unstorableText(member, `${path}/${key}`);
    if (found !== null) return found;
  }
  return null;
}
