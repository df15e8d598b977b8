/**
 * A 64-bit non-cryptographic hash of a string for buckets and seeds: two
 * independent 32-bit FNV-1a lanes over UTF-16 code units, each finished with
 * the murmur3 avalanche. Never used for secrets.
 */
export function hash64(text: string): readonly [high: number, low: number] {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b);
    low = (low << 13) | (low >>> 19);
  }
  return [avalanche(high ^ text.length), avalanche(low ^ high)];
}

/** The hash as 16 lower-case hexadecimal digits. */
export function hashHex(text: string): string {
  const [high, low] = hash64(text);
  return hex8(high) + hex8(low);
}

/** A number in [0, 1) with 53 significant bits, the same for the same text. */
export function hashUnit(text: string): number {
  const [high, low] = hash64(text);
  return ((high >>> 0) * 0x200000 + ((low >>> 0) >>> 11)) / 0x20000000000000;
}

/** A 32-bit unsigned seed for `seededRandom`. */
export function hashSeed(text: string): number {
  return hash64(text)[0] >>> 0;
}

/**
 * Generator mulberry32: a new function that draws numbers in [0, 1), the same
 * sequence for the same 32-bit seed.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function avalanche(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex8(x: number): string {
  return (x >>> 0).toString(16).padStart(8, "0");
}
