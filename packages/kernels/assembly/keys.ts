// A score above 0 and a position as one 64-bit number: the larger is the better
// one, and of equal scores the lower position. The bits of positive floats are
// in the order of the floats.
export function keyOf(score: f32, position: u32): u64 {
  return ((<u64>reinterpret<u32>(score)) << 32) | (<u64>~position);
}

function at(keys: usize, i: i32): u64 {
  return load<u64>(keys + ((<usize>i) << 3));
}

function swap(keys: usize, i: i32, j: i32): void {
  const kept = at(keys, i);
  store<u64>(keys + ((<usize>i) << 3), at(keys, j));
  store<u64>(keys + ((<usize>j) << 3), kept);
}

/** The middle one of the first, the last and the one between. */
function pivotOf(keys: usize, low: i32, high: i32): u64 {
  const a = at(keys, low);
  const b = at(keys, (low + high) >> 1);
  const c = at(keys, high);
  return max(min(a, b), min(max(a, b), c));
}

/** Brings the `k` largest to the front, in no order (Hoare, "Find", 1961). */
export function selectLargest(keys: usize, count: usize, k: usize): void {
  if (k === 0) return;
  const last = <i32>k - 1;
  let low: i32 = 0;
  let high = <i32>count - 1;
  while (low < high) {
    const pivot = pivotOf(keys, low, high);
    let i = low;
    let j = high;
    while (i <= j) {
      while (at(keys, i) > pivot) i++;
      while (at(keys, j) < pivot) j--;
      if (i <= j) swap(keys, i++, j--);
    }
    if (last <= j) high = j;
    else if (last >= i) low = i;
    else return;
  }
}

export function leastOf(keys: usize, count: usize): u64 {
  let least = u64.MAX_VALUE;
  for (let i: i32 = 0; i < <i32>count; i++) least = min(least, at(keys, i));
  return least;
}

/** Largest first. */
export function sortKeys(keys: usize, low: i32, high: i32): void {
  while (high - low > 16) {
    const pivot = pivotOf(keys, low, high);
    let i = low;
    let j = high;
    while (i <= j) {
      while (at(keys, i) > pivot) i++;
      while (at(keys, j) < pivot) j--;
      if (i <= j) swap(keys, i++, j--);
    }
    sortKeys(keys, low, j);
    low = i;
  }
  for (let i = low + 1; i <= high; i++) {
    const key = at(keys, i);
    let j = i;
    for (; j > low && at(keys, j - 1) < key; j--) {
      store<u64>(keys + ((<usize>j) << 3), at(keys, j - 1));
    }
    store<u64>(keys + ((<usize>j) << 3), key);
  }
}
