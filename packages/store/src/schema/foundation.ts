import type { Generated } from "kysely";

/** Tenants, keys, changes, pointers, audit, obligations and objects. */
export interface FoundationTables {
  tenants: {
    tenant_id: string;
    name: string;
    serving_mode: "db" | "artifact";
    secret: Buffer;
    time_offset_days: Generated<number>;
    created_at: Generated<Date>;
  };
  api_keys: {
    key_id: Generated<string>;
    tenant_id: string;
    role: string;
    name: string;
    digest: Buffer;
    created_at: Generated<Date>;
    expires_at: Date | null;
    revoked_at: Generated<Date | null>;
  };
}
