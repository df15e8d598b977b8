import { ApiError } from "@recsys/contracts";
import type { Tenant } from "@recsys/store";
import { isUnreachable } from "../http/problem.ts";

/** Tenants by id, read once and again after a notification. */
export class Tenants {
  readonly #find: (tenant: string) => Promise<Tenant | null>;
  readonly #known = new Map<string, Tenant>();
  readonly #old = new Map<string, Tenant>();

  constructor(find: (tenant: string) => Promise<Tenant | null>) {
    this.#find = find;
  }

  /** The tenant when it is known. */
  peek(tenant: string): Tenant | undefined {
    return this.#known.get(tenant);
  }

  /** The tenant. Throws TENANT_UNKNOWN; what was known before goes on while the database is away. */
  async get(tenant: string): Promise<Tenant> {
    const known = this.#known.get(tenant);
    if (known !== undefined) return known;
    const found = await this.#read(tenant);
    if (found === null) {
      throw new ApiError("TENANT_UNKNOWN", {
        detail: `There is no tenant "${tenant}".`,
      });
    }
    this.#known.set(tenant, found);
    return found;
  }

  /** Reads the tenant again when it is needed next. */
  forget(tenant: string): void {
    const known = this.#known.get(tenant);
    if (known === undefined) return;
    this.#old.set(tenant, known);
    this.#known.delete(tenant);
  }

  /** Takes a tenant from the snapshot on disk. */
  restore(facts: Tenant): void {
    if (!this.#known.has(facts.tenantId)) this.#old.set(facts.tenantId, facts);
  }

  async #read(tenant: string): Promise<Tenant | null> {
    try {
      return await this.#find(tenant);
    } catch (error) {
      const old = this.#old.get(tenant);
      if (old === undefined || !isUnreachable(error)) throw error;
      return old;
    }
  }
}
