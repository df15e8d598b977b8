/** Lets work of one name happen one after the other, and work of other names beside it. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the work when all work of this name that came before has ended, well or not. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const turn =
      before === undefined ? work() : before.then(work, () => work());
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}
