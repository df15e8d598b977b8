import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { chooseAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import {
  type Cluster,
  clusterDirectory,
  ensureCluster,
  isComplete,
  resetPassword,
} from "./cluster.ts";
import { type Home, readState, writeState } from "./home.ts";
import {
  type Postmaster,
  findRunning,
  startPostmaster,
  stopPostmaster,
} from "./postmaster.ts";
import { prepareServer } from "./prepare.ts";
import { toServerError } from "./server-error.ts";

/** A running server with what is needed to stop it. */
export interface BroughtUp {
  readonly cluster: Cluster;
  readonly postmaster: Postmaster;
}

/**
 * Leaves one prepared server on the home's directory: adopts the one that runs,
 * else starts it, else makes it. Every failure is a ServerError.
 */
export async function bringUp(
  home: Home,
  note: (line: string) => void,
): Promise<BroughtUp> {
  try {
    const cluster = describeCluster(home, note);
    const state = readState(home);
    const password = state?.password ?? randomBytes(24).toString("base64url");
    const postmaster =
      (await adopt(cluster, state?.password)) ??
      (await start(home, cluster, password));
    const server = { ...postmaster, password, directory: cluster.directory };
    await prepareServer(server);
    writeState(home, {
      port: postmaster.port,
      supervisorPid: process.pid,
      postgresPid: postmaster.pid,
      password,
      directory: cluster.directory,
    });
    return { cluster, postmaster };
  } catch (error) {
    throw toServerError(error, home.path);
  }
}

function describeCluster(home: Home, note: (line: string) => void): Cluster {
  const near = join(home.path, "pg");
  const account = chooseAccount(near);
  const directory = clusterDirectory(home, account);
  if (directory !== near && account !== null) {
    note(`${account.name} cannot reach ${home.path}: using ${directory}`);
  }
  return { directory, account, binaries: findBinaries(account), note };
}

/** Takes over a server whose supervisor is gone; one that does not know our password is stopped. */
async function adopt(
  cluster: Cluster,
  password: string | undefined,
): Promise<Postmaster | null> {
  const running = await findRunning(cluster);
  if (running === null) return null;
  if (password !== undefined) {
    try {
      await prepareServer({
        port: running.port,
        password,
        directory: cluster.directory,
      });
      cluster.note("joined the database that was left running");
      return running;
    } catch (error) {
      cluster.note(
        `the database that was left running does not let us in (${String(error)}): restarting it`,
      );
    }
  }
  await stopPostmaster(cluster, running);
  return null;
}

async function start(
  home: Home,
  cluster: Cluster,
  password: string,
): Promise<Postmaster> {
  const existed = isComplete(cluster.directory);
  await ensureCluster(cluster, password);
  const state = readState(home);
  if (existed && state === null) await resetPassword(cluster, password);
  return startPostmaster(cluster, state?.port ?? 0);
}
