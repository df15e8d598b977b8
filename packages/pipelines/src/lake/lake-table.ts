import { BIGINT, DOUBLE, VARCHAR, type DuckDBType } from "@duckdb/node-api";

export interface LakeColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** One table of the lake: Parquet files by day with one schema and one total order of rows. */
export interface LakeTable {
  readonly name: string;
  readonly columns: readonly LakeColumn[];
  /** Decides every tie, so that equal rows give equal bytes. */
  readonly orderBy: readonly string[];
}

function text(name: string): LakeColumn {
  return { name, type: VARCHAR };
}

function number(name: string): LakeColumn {
  return { name, type: DOUBLE };
}

function whole(name: string): LakeColumn {
  return { name, type: BIGINT };
}

/** Canonical events: accepted ones only; canary events never get this far. */
export const EVENTS: LakeTable = {
  name: "events",
  columns: [
    whole("ts"),
    text("user_key"),
    text("person"),
    text("type"),
    text("item_id"),
    number("value"),
    number("quantity"),
    number("price"),
    text("order_id"),
    text("request_id"),
    text("surface"),
    text("country"),
    text("event_id"),
    whole("seq"),
  ],
  orderBy: ["ts", "user_key", "item_id", "type", "seq"],
};

/** What followed from slates: outcomes with the exposure of the same request and item, where one was reported. */
export const OUTCOMES: LakeTable = {
  name: "outcomes",
  columns: [
    whole("ts"),
    text("request_id"),
    text("item_id"),
    text("type"),
    text("user_key"),
    number("value"),
    whole("exposed_ts"),
    whole("seq"),
  ],
  orderBy: ["ts", "request_id", "item_id", "type", "seq"],
};
