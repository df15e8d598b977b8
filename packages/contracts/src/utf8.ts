/**
 * UTF-8 for the pure packages, whose types know no TextEncoder. Lone
 * surrogates become U+FFFD, as TextEncoder does; malformed bytes throw.
 */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let n = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    n = writeCodePoint(bytes, n, isSurrogate(point) ? 0xfffd : point);
  }
  return bytes.slice(0, n);
}

/** The text of `bytes[start, end)`, which must be well-formed UTF-8. */
export function decodeUtf8(
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): string {
  const units: number[] = [];
  let text = "";
  let i = start;
  while (i < end) {
    const first = bytes[i] ?? 0;
    const size = sequenceLength(first);
    if (i + size > end) throw new Error(`UTF-8 is cut off at byte ${i}`);
    pushCodePoint(units, codePointAt(bytes, i, size));
    i += size;
    if (units.length > 4096) {
      text += String.fromCharCode(...units);
      units.length = 0;
    }
  }
  return text + String.fromCharCode(...units);
}

function writeCodePoint(bytes: Uint8Array, at: number, point: number): number {
  let n = at;
  if (point < 0x80) {
    bytes[n++] = point;
  } else if (point < 0x800) {
    bytes[n++] = 0xc0 | (point >> 6);
    bytes[n++] = 0x80 | (point & 0x3f);
  } else if (point < 0x10000) {
    bytes[n++] = 0xe0 | (point >> 12);
    bytes[n++] = 0x80 | ((point >> 6) & 0x3f);
    bytes[n++] = 0x80 | (point & 0x3f);
  } else {
    bytes[n++] = 0xf0 | (point >> 18);
    bytes[n++] = 0x80 | ((point >> 12) & 0x3f);
    bytes[n++] = 0x80 | ((point >> 6) & 0x3f);
    bytes[n++] = 0x80 | (point & 0x3f);
  }
  return n;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  throw new Error(`not UTF-8: byte 0x${first.toString(16)}`);
}

function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  const first = bytes[at] ?? 0;
  if (size === 1) return first;
  let point = first & (0xff >> (size + 1));
  for (let k = 1; k < size; k++) {
    const next = bytes[at + k] ?? 0;
    if ((next & 0xc0) !== 0x80) throw new Error(`not UTF-8 at byte ${at + k}`);
    point = (point << 6) | (next & 0x3f);
  }
  const smallest = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
  if (point < smallest || point > 0x10ffff || isSurrogate(point)) {
    throw new Error(`not UTF-8 at byte ${at}`);
  }
  return point;
}

function pushCodePoint(units: number[], point: number): void {
  if (point < 0x10000) {
    units.push(point);
    return;
  }
  const rest = point - 0x10000;
  units.push(0xd800 + (rest >> 10), 0xdc00 + (rest & 0x3ff));
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}
