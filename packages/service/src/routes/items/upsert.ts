import {
  BatchResult,
  ItemInput,
  type ConfigDocument,
  type RowResult,
} from "@recsys/contracts";
import { upsertItems } from "@recsys/store";
import type { ServiceContext } from "../../context.ts";
import { deprecationHeaders, keyUse } from "../../deprecations.ts";
import {
  batchAnswer,
  rejected,
  rowErrors,
  type BatchRow,
} from "../../http/batch.ts";
import { rowsRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { momentErrors } from "../../ingest/moment.ts";
import { checkKeys } from "../../ingest/typed-keys.ts";
import { countRows } from "../../ingest/write-events.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/items */
export const upsertItemsRoute = rowsRoute({
  name: "upsertItems",
  method: "POST",
  url: "/v1/items",
  permission: "catalogue:write",
  tag: "catalogue",
  summary: "Insert or update items, row by row.",
  query: queryOf({}),
  row: ItemInput,
  answer: BatchResult,
  handle: async ({ context, caller, requestId, query, body }) => {
    const namespace = namespaceIn(query);
    const { tenant } = caller;
    const config = await liveConfig(context, tenant, namespace);
    const judged = judgeItems(body, config);
    const deprecated = judged.deprecated.flatMap((key) =>
      keyUse("attributes", key, config.schema.attributes[key]),
    );
    context.deprecations.note(caller, namespace, deprecated);
    const headers = deprecationHeaders(deprecated);
    const written = await write(context, { tenant, namespace }, judged.rows);
    const results = written.map((result) => {
      const warnings = judged.warnings.get(result.row);
      return warnings === undefined ? result : { ...result, warnings };
    });
    const answer = batchAnswer(requestId, [...results, ...judged.rejections]);
    countRows(context, "items", answer);
    return { body: answer, ...(headers === undefined ? {} : { headers }) };
  },
});

interface JudgedItems {
  readonly rows: { readonly row: number; readonly input: ItemInput }[];
  readonly rejections: RowResult[];
  readonly warnings: Map<number, string[]>;
  readonly deprecated: string[];
}

function judgeItems(
  rows: readonly BatchRow<ItemInput>[],
  config: ConfigDocument,
): JudgedItems {
  const judged: JudgedItems = {
    rows: [],
    rejections: [],
    warnings: new Map(),
    deprecated: [],
  };
  for (const row of rows) {
    const keysOf = (input: Partial<ItemInput>) =>
      checkKeys(input.attributes, config.schema.attributes, "/attributes");
    const errors = rowErrors(row, (input) => [
      ...momentErrors(input, ["valid_from", "valid_until", "created_at"]),
      ...keysOf(input).errors,
    ]);
    if (!row.ok || errors.length > 0) {
      judged.rejections.push(rejected(row.row, errors));
      continue;
    }
    const keys = keysOf(row.value);
    judged.deprecated.push(...keys.deprecated);
    if (keys.warnings.length > 0) {
      judged.warnings.set(row.row, [...keys.warnings]);
    }
    judged.rows.push({ row: row.row, input: row.value });
  }
  return judged;
}

/** What was written is served by this process before it answers. */
async function write(
  context: ServiceContext,
  place: { readonly tenant: string; readonly namespace: string },
  rows: JudgedItems["rows"],
): Promise<readonly RowResult[]> {
  if (rows.length === 0) return [];
  const { tenant, namespace } = place;
  const { results } = await context.store.inTenant(tenant, (tx) =>
    upsertItems(tx, namespace, rows),
  );
  await context.snapshots.refresh(tenant, namespace);
  return results;
}
