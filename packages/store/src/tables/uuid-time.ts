const VERSION_7 =
  /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Unix milliseconds inside a UUIDv7, or null when the text is not one. */
export function uuidTime(id: string): number | null {
  const parts = VERSION_7.exec(id);
  return parts === null
    ? null
    : Number.parseInt(`${parts[1] ?? ""}${parts[2] ?? ""}`, 16);
}
