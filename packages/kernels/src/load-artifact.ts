import { decodeArtifact, type Artifact } from "@recsys/contracts";

const PAGE_BYTES = 65536;
/** wasm32 addresses 4 GiB: 65,536 pages. */
const MAX_PAGES = 65536;

/**
 * `byteLength` zeroed bytes at offset 0 of a shared WebAssembly.Memory of its
 * own, so that every thread and every kernel instance can view one copy.
 * Throws a RangeError beyond 4 GiB.
 */
export function allocateShared(byteLength: number): Uint8Array {
  const pages = Math.max(1, Math.ceil(byteLength / PAGE_BYTES));
  if (!Number.isInteger(byteLength) || byteLength < 0 || pages > MAX_PAGES) {
    throw new RangeError(
      `cannot share ${byteLength} bytes: a whole number from 0 to 4 GiB is needed`,
    );
  }
  const memory = new WebAssembly.Memory({
    initial: pages,
    maximum: pages,
    shared: true,
  });
  return new Uint8Array(memory.buffer, 0, byteLength);
}

/**
 * Loads an artifact straight into its own shared memory: `readBytes` is given
 * the allocator and returns the bytes it filled, as `objects.get(hash,
 * allocate)` does. The tensors of the result are views on that memory. Throws
 * a plain Error when the bytes are malformed.
 */
export async function loadArtifact(
  readBytes: (
    allocate: (byteLength: number) => Uint8Array,
  ) => Promise<Uint8Array>,
): Promise<Artifact> {
  return decodeArtifact(await readBytes(allocateShared));
}
