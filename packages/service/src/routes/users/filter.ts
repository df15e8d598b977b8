import {
  ApiError,
  EntityId,
  KEY_PATTERN,
  type ConfigDocument,
} from "@recsys/contracts";
import type { UserFilter } from "@recsys/store";
import Type from "typebox";
import type { Identifiers } from "../../auth/pseudonym.ts";
import type { identities } from "../../ingest/subjects.ts";
import { given } from "../shapes.ts";

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

interface UserFilterQuery extends Identifiers {
  readonly trait?: string;
  readonly value?: string;
}

/** One identifier at most, and a trait. Values in a query are text: the declared type of the trait says what they mean. */
export function userFilterIn(
  query: UserFilterQuery,
  who: ReturnType<typeof identities>,
  schema: ConfigDocument["schema"],
): UserFilter {
  const { trait, value } = query;
  if ((trait === undefined) !== (value === undefined)) {
    throw badValue("trait and value go together");
  }
  const { user_id, anonymous_id, session_id } = query;
  const ids = given({ user_id, anonymous_id, session_id });
  const [, second] = Object.keys(ids);
  if (second !== undefined) {
    throw badValue("name one identifier of the person", `/query/${second}`);
  }
  const person = who.subjectOf(ids);
  return {
    ...(person === null ? {} : { pseudonyms: [person.pseudonym] }),
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

function badValue(message: string, path = "/query/value"): ApiError {
  return new ApiError("INVALID_REQUEST", {
    errors: [{ path, code: "value", message }],
  });
}
