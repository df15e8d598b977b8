/** Item ids of answers given a short while ago by this process, by tenant and request id. */
export class RecentSlates {
  readonly #limit: number;
  readonly #slates = new Map<string, readonly string[]>();

  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  remember(
    tenant: string,
    requestId: string,
    itemIds: readonly string[],
  ): void {
    this.#slates.set(`${tenant}/${requestId}`, itemIds);
    if (this.#slates.size <= this.#limit) return;
    const [oldest] = this.#slates.keys();
    if (oldest !== undefined) this.#slates.delete(oldest);
  }

  find(tenant: string, requestId: string): readonly string[] | undefined {
    return this.#slates.get(`${tenant}/${requestId}`);
  }
}
