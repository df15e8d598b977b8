/** What a caught value says: the message of an error, anything else as text. */
export function messageOf(thrown: unknown): string {
  return toError(thrown).message;
}

/** The error itself; anything else that was thrown becomes the message of one. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
