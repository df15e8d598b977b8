import type { Machine } from "./dense.ts";

const SIDE = 64;
const TILE = SIDE * SIDE;

/**
 * Blocked Cholesky A = L Lᵀ, W = L⁻¹, A⁻¹ = WᵀW, in tiles of 64 × 64 and
 * single precision, the tiles of the diagonal in double. Sums run over tiles
 * in their order, whichever thread takes them. Needs 4 n² bytes beside the
 * matrix. Source: Golub and Van Loan, "Matrix Computations", 4.2.
 */
export function invertSpd(
  { arena, pool }: Machine,
  matrix: Float32Array,
  n: number,
): void {
  if (n === 0) return;
  const side = Math.ceil(n / SIDE);
  arena.lend((room) => {
    const tiles = room.f32(side * side * TILE);
    const diagonal = room.f32(side * TILE);
    const turned = room.f32(side * TILE);
    const grid = { tiles, side, n };
    toTiles(matrix, grid);
    const head = [
      tiles.byteOffset,
      side,
      diagonal.byteOffset,
      turned.byteOffset,
    ];
    for (let k = 0; k < side; k++) {
      const left = { kernel: "choleskyColumn", chunks: side - k } as const;
      pool.run({ ...left, words: [...head, k, 0, 0] });
      pool.run({
        kernel: "factoriseTile",
        chunks: 1,
        words: [...head, k, 0, 0],
        scratchBytes: 4 * TILE * 4,
      });
      const pivot = pool.word(6);
      if (pivot > 0) {
        throw new Error(`not positive definite: pivot ${pivot - 1}`);
      }
      pool.run({ ...left, words: [...head, k, 1, 0], scratchBytes: TILE * 4 });
    }
    for (let i = 1; i < side; i++) {
      pool.run({
        kernel: "inverseColumn",
        chunks: i,
        words: [...head, i],
        scratchBytes: TILE * 4,
      });
    }
    for (let i = 0; i < side; i++) {
      pool.run({
        kernel: "inverseProduct",
        chunks: i + 1,
        words: [...head, i],
      });
    }
    fromTiles(matrix, grid);
  });
}

interface Grid {
  readonly tiles: Float32Array;
  readonly side: number;
  readonly n: number;
}

/** The lower triangle, tiles transposed; what is beyond n is the identity. */
function toTiles(matrix: Float32Array, { tiles, side, n }: Grid): void {
  for (let i = 0; i < side * SIDE; i++) {
    const row = (i / SIDE) | 0;
    for (let j = 0; j <= i; j++) {
      const tile = (row * side + ((j / SIDE) | 0)) * TILE;
      const value = i < n ? (matrix[i * n + j] ?? 0) : i === j ? 1 : 0;
      tiles[tile + (j % SIDE) * SIDE + (i % SIDE)] = value;
    }
  }
}

/** Both triangles from the tiles of the lower one, which are no longer transposed. */
function fromTiles(matrix: Float32Array, { tiles, side, n }: Grid): void {
  for (let i = 0; i < n; i++) {
    const row = (i / SIDE) | 0;
    for (let j = 0; j <= i; j++) {
      const tile = (row * side + ((j / SIDE) | 0)) * TILE;
      const value = tiles[tile + (i % SIDE) * SIDE + (j % SIDE)] ?? 0;
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  }
}
