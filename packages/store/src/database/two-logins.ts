import pg from "pg";
import { APP_ROLE } from "./roles.ts";
import { withLogin } from "./runtime-login.ts";

/** A database without its second login, as far as the instructions need to know it. */
export interface LackingLogin {
  readonly databaseUrl: string;
  /** DATABASE_MIGRATE_URL is set already. */
  readonly hasOwner: boolean;
  readonly database: string;
  readonly hasGroup: boolean;
}

/** What an administrator has to run and the operator to set for a login beside the owner's. */
export function howToHaveTwo(lacking: LackingLogin): string {
  const app = {
    name: `${lacking.database}_app`,
    password: "choose-a-password",
  };
  const login = `create role ${pg.escapeIdentifier(app.name)} login password ${pg.escapeLiteral(app.password)}`;
  const sql = `${login}; ${sqlToJoin(lacking, app.name)}`;
  const owner = lacking.hasOwner
    ? ""
    : " and DATABASE_MIGRATE_URL to what DATABASE_URL is now";
  return `as an administrator of the server run \`${sql}\`, set DATABASE_URL=${withLogin(lacking.databaseUrl, app)}${owner}`;
}

/** Makes a login a member of the group, and the group if it is missing. */
export function sqlToJoin(
  lacking: Pick<LackingLogin, "database" | "hasGroup">,
  login: string,
): string {
  const database = pg.escapeIdentifier(lacking.database);
  return [
    ...(lacking.hasGroup ? [] : [`create role ${APP_ROLE}`]),
    `grant ${APP_ROLE} to ${pg.escapeIdentifier(login)}`,
    `grant connect, temporary on database ${database} to ${APP_ROLE}`,
  ].join("; ");
}
