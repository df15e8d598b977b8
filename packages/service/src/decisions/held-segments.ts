const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;

interface Held {
  readonly waitMs: number;
  readonly nextAt: number;
}

/** Segments that could not be shipped for a reason of their own; each is tried again after ever longer waits. */
export class HeldSegments {
  readonly #held = new Map<string, Held>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#held.size;
  }

  /** Whether the segment has to wait longer. */
  isWaiting(name: string): boolean {
    const held = this.#held.get(name);
    return held !== undefined && this.#clock() < held.nextAt;
  }

  hold(name: string): void {
    const before = this.#held.get(name);
    const waitMs =
      before === undefined
        ? FIRST_WAIT_MS
        : Math.min(before.waitMs * 2, LONGEST_WAIT_MS);
    this.#held.set(name, { waitMs, nextAt: this.#clock() + waitMs });
  }

  release(name: string): void {
    this.#held.delete(name);
  }

  /** Forgets segments that somebody moved away. */
  keepOnly(names: readonly string[]): void {
    for (const name of this.#held.keys()) {
      if (!names.includes(name)) this.#held.delete(name);
    }
  }
}
