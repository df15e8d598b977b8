import {
  ApiError,
  EntityId,
  KEY_PATTERN,
  type ConfigDocument,
} from "@recsys/contracts";
import type { UserFilter } from "@recsys/store";
import Type from "typebox";
import type { identities } from "../../ingest/subjects.ts";

/** Conditions on users in a query. */
export const USER_FILTER_FIELDS = {
  user_id: Type.Optional(EntityId),
  trait: Type.Optional(
    Type.String({ pattern: KEY_PATTERN, description: "key of a trait" }),
  ),
  value: Type.Optional(
    Type.String({ maxLength: 2000, description: "value of that trait" }),
  ),
};

interface UserFilterQuery {
  readonly user_id?: string;
  readonly trait?: string;
  readonly value?: string;
}

/** Values in a query are text: the declared type of the trait says what they mean. */
export function userFilterIn(
  query: UserFilterQuery,
  who: ReturnType<typeof identities>,
  schema: ConfigDocument["schema"],
): UserFilter {
  const { user_id, trait, value } = query;
  if ((trait === undefined) !== (value === undefined)) {
    throw badValue("trait and value go together");
  }
  return {
    ...(user_id === undefined
      ? {}
      : { pseudonyms: [who.make("user", user_id).pseudonym] }),
    ...(trait === undefined || value === undefined
      ? {}
      : { trait: { key: trait, value: typed(trait, value, schema) } }),
  };
}

function typed(
  trait: string,
  value: string,
  schema: ConfigDocument["schema"],
): string | number | boolean | string[] {
  const type = Object.hasOwn(schema.traits, trait)
    ? schema.traits[trait]?.type
    : undefined;
  switch (type) {
    case "number": {
      const number = Number(value);
      if (!Number.isFinite(number)) throw badValue(`${trait} is a number`);
      return number;
    }
    case "boolean":
      if (value !== "true" && value !== "false") {
        throw badValue(`${trait} is true or false`);
      }
      return value === "true";
    case "string_list":
      return [value];
    case "string":
      return value;
    case undefined:
      throw badValue(`there is no trait ${trait} in the schema`);
  }
}

function badValue(message: string): ApiError {
  return new ApiError("INVALID_REQUEST", {
    errors: [{ path: "/query/value", code: "value", message }],
  });
}
