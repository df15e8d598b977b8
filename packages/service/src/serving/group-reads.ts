import type { UserState } from "@recsys/contracts";
import { isUnreachable } from "../http/problem.ts";
import type { LoadUserState } from "./user-states.ts";

/** Reads the states of several people of a namespace at once; those never seen are left out. */
export type LoadUserStates = (
  tenant: string,
  namespace: string,
  pseudonyms: readonly string[],
) => Promise<ReadonlyMap<string, UserState>>;

interface Waiting {
  readonly pseudonym: string;
  readonly resolve: (state: UserState | null) => void;
  readonly reject: (error: unknown) => void;
}

/** A read of more people is slow for the first of them. */
const MOST_PEOPLE = 200;

/**
 * One read of a namespace at a time: who is asked for meanwhile goes with the
 * next. A lone caller waits for nobody, and a crowd of new visitors costs few
 * transactions instead of one each.
 */
export function groupReads(load: LoadUserStates): LoadUserState {
  const lanes = new Map<string, Waiting[]>();
  const drain = async (tenant: string, namespace: string): Promise<void> => {
    const lane = `${tenant}/${namespace}`;
    for (;;) {
      const group = lanes.get(lane)?.splice(0, MOST_PEOPLE) ?? [];
      if (group.length === 0) break;
      // While the database is away the queue must not grow: they would fail as well, one group after the other.
      await answer(group, (pseudonyms) =>
        load(tenant, namespace, pseudonyms),
      ).catch((error: unknown) => {
        const others = lanes.get(lane)?.splice(0) ?? [];
        for (const { reject } of [...group, ...others]) reject(error);
      });
    }
    lanes.delete(lane);
  };
  return (tenant, namespace, pseudonym) =>
    new Promise((resolve, reject) => {
      const lane = `${tenant}/${namespace}`;
      const waiting = lanes.get(lane);
      const asked = { pseudonym, resolve, reject };
      if (waiting !== undefined) {
        waiting.push(asked);
        return;
      }
      lanes.set(lane, [asked]);
      void drain(tenant, namespace);
    });
}

/**
 * Answers everybody of the group. Where the rows of one of them make the read
 * fail, only that one fails: each is then read alone. Throws when the database
 * is away.
 */
async function answer(
  group: readonly Waiting[],
  load: (
    pseudonyms: readonly string[],
  ) => Promise<ReadonlyMap<string, UserState>>,
): Promise<void> {
  try {
    const states = await load(group.map(({ pseudonym }) => pseudonym));
    for (const { pseudonym, resolve } of group) {
      resolve(states.get(pseudonym) ?? null);
    }
  } catch (error) {
    if (isUnreachable(error)) throw error;
    if (group.length === 1) for (const { reject } of group) reject(error);
    else for (const one of group) await answer([one], load);
  }
}
