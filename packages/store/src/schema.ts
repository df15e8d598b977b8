import type { FoundationTables } from "./schema/foundation.ts";

/**
 * Every table that Kysely knows: one interface per area in `schema/`, joined
 * here by `&`. Names are those of the database.
 */
export type Schema = FoundationTables;
