// The k best (score, position) with the worst on top: lower scores are worse,
// and of equal scores higher positions.

export function isWorse(s: f32, p: u32, t: f32, q: u32): bool {
  return s < t || (s === t && p > q);
}

/** Puts an entry on top and lets it sink. */
export function sink(
  scores: usize,
  positions: usize,
  size: usize,
  s: f32,
  p: u32,
): void {
  let i: usize = 0;
  for (;;) {
    let child: usize = 2 * i + 1;
    if (child >= size) break;
    if (
      child + 1 < size &&
      isWorse(
        load<f32>(scores + (child << 2), 4),
        load<u32>(positions + (child << 2), 4),
        load<f32>(scores + (child << 2)),
        load<u32>(positions + (child << 2)),
      )
    ) {
      child++;
    }
    const cs = load<f32>(scores + (child << 2));
    const cp = load<u32>(positions + (child << 2));
    if (!isWorse(cs, cp, s, p)) break;
    store<f32>(scores + (i << 2), cs);
    store<u32>(positions + (i << 2), cp);
    i = child;
  }
  store<f32>(scores + (i << 2), s);
  store<u32>(positions + (i << 2), p);
}

/** Adds an entry behind `size` others and lets it rise. */
export function rise(
  scores: usize,
  positions: usize,
  size: usize,
  s: f32,
  p: u32,
): void {
  let i = size;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const ps = load<f32>(scores + (parent << 2));
    const pp = load<u32>(positions + (parent << 2));
    if (!isWorse(s, p, ps, pp)) break;
    store<f32>(scores + (i << 2), ps);
    store<u32>(positions + (i << 2), pp);
    i = parent;
  }
  store<f32>(scores + (i << 2), s);
  store<u32>(positions + (i << 2), p);
}
