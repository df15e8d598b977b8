import {
  BatchResult,
  UserInput,
  type ConfigDocument,
  type RowResult,
} from "@recsys/contracts";
import { upsertUsers, type UserRow } from "@recsys/store";
import { deprecationHeaders, keyUse } from "../../deprecations.ts";
import {
  batchAnswer,
  rejected,
  rowErrors,
  type BatchRow,
} from "../../http/batch.ts";
import { rowsRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { identities } from "../../ingest/subjects.ts";
import { checkKeys } from "../../ingest/typed-keys.ts";
import { countRows } from "../../ingest/write-events.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/users */
export const upsertUsersRoute = rowsRoute({
  name: "upsertUsers",
  method: "POST",
  url: "/v1/users",
  permission: "events:write",
  tag: "users",
  summary: "Insert or update users, row by row.",
  query: queryOf({}),
  row: UserInput,
  answer: BatchResult,
  handle: async ({ context, caller, requestId, query, body }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const config = await liveConfig(context, tenant, namespace);
    const { secret } = await context.tenants.get(tenant);
    const who = identities(secret);
    const judged = judgeUsers(
      body,
      config,
      (id) => who.make("user", id).pseudonym,
    );
    const deprecated = judged.deprecated.flatMap((key) =>
      keyUse("traits", key, config.schema.traits[key]),
    );
    context.deprecations.note(caller, namespace, deprecated);
    const headers = deprecationHeaders(deprecated);
    const written =
      judged.rows.length === 0
        ? []
        : await context.store.inTenant(tenant, (tx) =>
            upsertUsers(tx, namespace, judged.rows),
          );
    const pseudonyms = judged.rows.map((row) => row.pseudonym);
    context.users.forget(tenant, namespace, pseudonyms);
    const results = written.map((result) => {
      const warnings = judged.warnings.get(result.row);
      return warnings === undefined ? result : { ...result, warnings };
    });
    const answer = batchAnswer(requestId, [...results, ...judged.rejections]);
    countRows(context, "users", answer);
    return { body: answer, ...(headers === undefined ? {} : { headers }) };
  },
});

interface JudgedUsers {
  readonly rows: UserRow[];
  readonly rejections: RowResult[];
  readonly warnings: Map<number, string[]>;
  readonly deprecated: string[];
}

function judgeUsers(
  rows: readonly BatchRow<UserInput>[],
  config: ConfigDocument,
  pseudonymOfUser: (id: string) => string,
): JudgedUsers {
  const judged: JudgedUsers = {
    rows: [],
    rejections: [],
    warnings: new Map(),
    deprecated: [],
  };
  for (const row of rows) {
    const keysOf = (input: Partial<UserInput>) =>
      checkKeys(input.traits, config.schema.traits, "/traits");
    const errors = rowErrors(row, (input) => keysOf(input).errors);
    if (!row.ok || errors.length > 0) {
      judged.rejections.push(rejected(row.row, errors));
      continue;
    }
    const input = row.value;
    const keys = keysOf(input);
    judged.deprecated.push(...keys.deprecated);
    if (keys.warnings.length > 0) {
      judged.warnings.set(row.row, [...keys.warnings]);
    }
    const pseudonym = pseudonymOfUser(input.user_id);
    judged.rows.push({ row: row.row, pseudonym, input });
  }
  return judged;
}
