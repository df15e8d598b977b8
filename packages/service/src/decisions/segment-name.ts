/** Whether a name is that of a segment, whole or still growing. */
export function isSegment(name: string): boolean {
  return name.endsWith(".closed") || name.endsWith(".open");
}
