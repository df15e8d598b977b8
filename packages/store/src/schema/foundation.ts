import type { ColumnType, Generated } from "kysely";

/** JSON columns arrive parsed and are sent as text. */
type Json<T> = ColumnType<T, string | undefined, string>;
/** Filled by the database and never written by the application. */
type Fixed<T> = ColumnType<T, never, never>;
type DefaultTime = Generated<Date>;

/** Tenants, keys, changes, pointers, audit, obligations and objects. */
export interface FoundationTables {
  tenants: {
    tenant_id: string;
    name: string;
    serving_mode: "db" | "artifact";
    secret: Buffer;
    time_offset_days: Generated<number>;
    created_at: DefaultTime;
  };
  api_keys: {
    key_id: Generated<string>;
    tenant_id: string;
    role: string;
    name: string;
    digest: Buffer;
    created_at: DefaultTime;
    expires_at: Date | null;
    revoked_at: Generated<Date | null>;
  };
  revisions: {
    tenant_id: Fixed<string>;
    incarnation: Fixed<string>;
    n: Fixed<number>;
  };
  revision_acks: {
    tenant_id: string;
    replica: string;
    incarnation: string;
    n: number;
    acked_at: DefaultTime;
  };
  audit_log: {
    tenant_id: Fixed<string>;
    seq: Fixed<number>;
    at: Fixed<Date>;
    actor: Fixed<string>;
    actor_kind: Fixed<"human" | "service">;
    action: Fixed<string>;
    subject: Fixed<string>;
    before_hash: Fixed<string | null>;
    after_hash: Fixed<string | null>;
    details: Fixed<unknown>;
    prev_hash: Fixed<string>;
    hash: Fixed<string>;
  };
  documents: {
    tenant_id: string;
    hash: string;
    body: string;
    created_at: DefaultTime;
  };
  versions: {
    tenant_id: Fixed<string>;
    namespace: Fixed<string>;
    pointer: Fixed<string>;
    version: Fixed<number>;
    content_hash: Fixed<string>;
    change_id: Fixed<string>;
    author: Fixed<string>;
    reason: Fixed<string>;
    created_at: Fixed<Date>;
  };
  pointers: {
    tenant_id: Fixed<string>;
    namespace: Fixed<string>;
    pointer: Fixed<string>;
    version: Fixed<number>;
    content_hash: Fixed<string>;
    change_id: Fixed<string>;
    moved_at: Fixed<Date>;
  };
  obligations: {
    tenant_id: string;
    obligation_id: Generated<string>;
    kind: string;
    subject: string;
    payload: Json<unknown>;
    due_at: Date;
    state: Generated<"open" | "done">;
    attempt: Generated<number>;
    last_error: Generated<string | null>;
    created_at: DefaultTime;
    done_at: Generated<Date | null>;
  };
  obligations_due: {
    obligation_id: string;
    tenant_id: string;
    kind: string;
    due_at: Date;
    leased_by: Generated<string | null>;
    leased_until: Generated<Date | null>;
    lease: Generated<string | null>;
  };
  objects: {
    tenant_id: string;
    hash: string;
    bytes: number;
    created_at: DefaultTime;
  };
}
