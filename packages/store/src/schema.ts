import type { FoundationTables } from "./schema/foundation.ts";

/**
 * Every table as Kysely sees it: one interface per area in `schema/`, merged
 * here. Names are those of the database.
 */
export interface Schema extends FoundationTables {}
