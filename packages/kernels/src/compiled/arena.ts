import { FIRST_FREE } from "./control.ts";

const PAGE_BYTES = 65536;
/** wasm32 addresses 4 GiB; the last page is left out, so that every end fits 32 bits. */
const MOST_BYTES = 65535 * PAGE_BYTES;

/** Arrays that live until the `lend` that gave them returns. */
export interface Room {
  /** Zeroed. */
  bytes(length: number): Uint8Array;
  f32(length: number): Float32Array;
  i32(length: number): Int32Array;
  /** The same numbers in this memory: the array itself when it is here already. */
  here<A extends Float32Array | Int32Array>(array: A): A;
}

/** A stack of arrays in one shared WebAssembly memory, which grows when it must. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  lend<T>(work: (room: Room) => T): T;
  /** Arrays for the life of the memory. */
  keep(): Room;
}

/** Throws a RangeError, with the sum that is needed, beyond `mostBytes`. */
export function createArena(mostBytes = MOST_BYTES): Arena {
  const limit = Math.min(mostBytes, MOST_BYTES);
  const memory = new WebAssembly.Memory({
    initial: 1,
    maximum: Math.max(1, Math.ceil(limit / PAGE_BYTES)),
    shared: true,
  });
  const stack = {
    memory,
    limit,
    buffers: new WeakSet<object>(),
    top: FIRST_FREE,
  };
  stack.buffers.add(memory.buffer);
  const room = createRoom(stack);
  return {
    memory,
    keep: () => room,
    lend: (work) => {
      const before = stack.top;
      try {
        return work(room);
      } finally {
        stack.top = before;
      }
    },
  };
}

interface Stack {
  readonly memory: WebAssembly.Memory;
  readonly limit: number;
  /** What `memory.buffer` has been: growth makes a longer one of the same bytes. */
  readonly buffers: WeakSet<object>;
  top: number;
}

/** Moves the top, grows the memory when it must and says where the bytes begin. */
function take(stack: Stack, byteLength: number): number {
  const { memory, limit, buffers } = stack;
  const start = Math.ceil(stack.top / 64) * 64;
  const end = start + byteLength;
  if (!(end <= limit)) {
    throw new RangeError(
      `the kernels need ${mebibytes(end)} MiB at once and may use ${mebibytes(limit)}: use fewer dimensions, neighbours or rows at a time`,
    );
  }
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) {
    memory.grow(Math.ceil(missing / PAGE_BYTES));
    buffers.add(memory.buffer);
  }
  stack.top = end;
  return start;
}

function createRoom(stack: Stack): Room {
  const { memory, buffers } = stack;
  // Its caller reads `memory.buffer` afterwards, when it is long enough.
  const zeroed = (byteLength: number): number => {
    const start = take(stack, byteLength);
    new Uint8Array(memory.buffer, start, byteLength).fill(0);
    return start;
  };
  return {
    bytes: (length) => {
      const start = zeroed(length);
      return new Uint8Array(memory.buffer, start, length);
    },
    f32: (length) => {
      const start = zeroed(length * 4);
      return new Float32Array(memory.buffer, start, length);
    },
    i32: (length) => {
      const start = zeroed(length * 4);
      return new Int32Array(memory.buffer, start, length);
    },
    here: <A extends Float32Array | Int32Array>(array: A): A => {
      if (buffers.has(array.buffer)) return array;
      const start = take(stack, array.byteLength);
      const make = array.constructor as new (
        buffer: ArrayBufferLike,
        start: number,
        length: number,
      ) => A;
      const copy = new make(memory.buffer, start, array.length);
      copy.set(array);
      return copy;
    },
  };
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
