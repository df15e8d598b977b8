import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ServerError } from "./server-error.ts";

/** The system user that runs Postgres; null means the user that we are. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Existing accounts that own nothing else of worth, in order of preference. */
const SUITABLE = ["recsys", "postgres", "_postgres", "nobody"];

/**
 * Postgres refuses to run as root, so root hands it to another account: the
 * owner of existing files, else an existing account, else a new one.
 */
export function chooseAccount(existingDirectory: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const owner = ownerOf(existingDirectory);
  if (owner !== null) return owner;
  return firstSuitable() ?? createAccount();
}

/** True when the account can reach the directory through every parent. */
export function canReach(path: string, account: Account): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (!mayPass(at, account)) return false;
    if (dirname(at) === at) return true;
  }
}

function mayPass(path: string, account: Account): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return true;
  if (stat.uid === account.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === account.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}

function ownerOf(path: string): Account | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.uid === 0) return null;
  return { name: String(stat.uid), uid: stat.uid, gid: stat.gid };
}

function firstSuitable(): Account | null {
  const accounts = readAccounts();
  for (const name of SUITABLE) {
    const found = accounts.find((account) => account.name === name);
    if (found !== undefined) return found;
  }
  return null;
}

function createAccount(): Account {
  const made = spawnSync("useradd", ["--system", "--no-create-home", "recsys"]);
  const account = firstSuitable();
  if (account !== null) return account;
  throw new ServerError(
    "NO_ACCOUNT",
    "Postgres does not run as root and no other system user could be used",
    made.error,
  );
}

function readAccounts(): Account[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .flatMap((line) => {
      const [name, , uid, gid] = line.split(":");
      if (name === undefined || uid === undefined || gid === undefined) {
        return [];
      }
      return [{ name, uid: Number(uid), gid: Number(gid) }];
    });
}
