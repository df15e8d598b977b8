/** Word `i` of a job's arguments. */
export function word(args: usize, i: usize): usize {
  return load<u32>(args + (i << 2));
}

export function float(args: usize, i: usize): f32 {
  return load<f32>(args + (i << 2));
}

/** Lane i is the sum of the lanes of the i-th argument. */
export function sumsOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    v128.shuffle<f32>(a, b, 0, 4, 1, 5),
    v128.shuffle<f32>(a, b, 2, 6, 3, 7),
  );
  const cd = f32x4.add(
    v128.shuffle<f32>(c, d, 0, 4, 1, 5),
    v128.shuffle<f32>(c, d, 2, 6, 3, 7),
  );
  return f32x4.add(
    v128.shuffle<f32>(ab, cd, 0, 1, 4, 5),
    v128.shuffle<f32>(ab, cd, 2, 3, 6, 7),
  );
}

export function sumOfLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 2) +
    (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3))
  );
}

/** Product of `bytes / 4` numbers; `bytes` is a multiple of 16. */
export function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + j), v128.load(b + j)));
  }
  return sumOfLanes(sum);
}
