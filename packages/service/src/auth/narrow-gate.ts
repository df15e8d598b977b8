import { ApiError } from "@recsys/contracts";

/** Lets a few pass at a time and some wait; sends the rest away with TOO_MANY_REQUESTS. */
export class NarrowGate {
  readonly #atOnce: number;
  readonly #mayWait: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(room: { readonly atOnce: number; readonly mayWait: number }) {
    this.#atOnce = room.atOnce;
    this.#mayWait = room.mayWait;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#atOnce) await this.#wait();
    else this.#inside++;
    try {
      return await work();
    } finally {
      // Who waits takes the place over.
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside--;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#mayWait) {
      throw new ApiError("TOO_MANY_REQUESTS", { retryAfterSeconds: 1 });
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
