import { hashUnit, type Floor } from "@recsys/contracts";
import { createCaps } from "../caps.ts";
import { slatePolicyOf } from "../policies.ts";
import { compareCandidates } from "../stages/rules.ts";
import { idOf, remove, type Work } from "../work.ts";
import { memberOf, type IsMember } from "./member.ts";
import { findOutside } from "./outside.ts";

/** What is under way of one floor in one list. */
interface Stand {
  readonly floor: Floor;
  readonly isMember: IsMember;
  readonly wanted: number;
  /** Members that the list has anyway. */
  readonly found: number;
  readonly lifted: number[];
}

/**
 * Gives each floor of the slate policy its places: its best candidates take
 * the lowest places that neither a pin, a trial nor another floor needs. What
 * had them is removed. Returns who is in the list because of it, or null
 * where there are no floors.
 */
export function liftFloors(
  work: Work,
  places: Int32Array,
  rest: readonly number[],
): ReadonlySet<number> | null {
  const { config } = work.snapshot;
  const floors = slatePolicyOf(config, work.request.surface)?.floors ?? [];
  if (floors.length === 0) return null;
  const stands = floors.map((floor) => standOf(work, floor, places));
  const fixed = new Set(
    [...work.placements, ...work.explored].map(({ candidate }) => candidate),
  );
  for (const stand of stands) {
    fill({ work, places, stands, fixed }, stand, rest);
  }
  const lifted = stands.flatMap((stand) => stand.lifted);
  sortLifted(work, places, lifted);
  work.floors = stands.map(({ floor, wanted, found, lifted: mine }) => ({
    floor: floor.name,
    wanted,
    found,
    lifted: mine.map((candidate) => idOf(work, candidate)),
  }));
  return new Set(lifted);
}

/** Whole places, so that the share is exact on average: what is over is one place more with its own probability. */
export function wantedPlaces(
  floor: Pick<Floor, "name" | "min_share">,
  k: number,
  seed: number,
): number {
  const exact = floor.min_share * k;
  // A share such as 0.3 of 10 is 3, whatever binary fractions make of it.
  const whole = Math.floor(exact + 1e-9);
  const over = Math.max(0, exact - whole);
  const draw = hashUnit(`floor:${floor.name}:${seed}`);
  return over > 1e-9 && draw < over ? whole + 1 : whole;
}

function standOf(work: Work, floor: Floor, places: Int32Array): Stand {
  const isMember = memberOf(floor, { ...work.snapshot, now: work.now });
  const { position } = work.pool.columns;
  const found = places.filter(
    (each) => each >= 0 && isMember(position[each] ?? 0),
  ).length;
  const wanted = wantedPlaces(floor, work.request.k, work.seed);
  return { floor, isMember, wanted, found, lifted: [] };
}

interface Lifting {
  readonly work: Work;
  readonly places: Int32Array;
  readonly stands: readonly Stand[];
  /** Candidates that keep their places: pinned, on trial, lifted. */
  readonly fixed: Set<number>;
}

function fill(lifting: Lifting, stand: Stand, rest: readonly number[]): void {
  const { work, places } = lifting;
  const missing = () => stand.wanted - countIn(work, places, stand);
  if (missing() <= 0) return;
  const members = rest.filter((candidate) => isFree(lifting, candidate, stand));
  members.sort((a, b) => compareCandidates(work, a, b));
  lift(lifting, stand, members);
  if (missing() > 0) {
    lift(lifting, stand, findOutside(work, stand.isMember, missing()));
  }
  const short = missing();
  if (short <= 0) return;
  work.warnings.push({
    code: "FLOOR_NOT_MET",
    detail: `floor ${stand.floor.name}: ${stand.wanted - short} of ${stand.wanted} places, because no more of its items may be listed`,
  });
}

function isFree(
  { work, places }: Lifting,
  candidate: number,
  { isMember }: Stand,
): boolean {
  return (
    isMember(work.pool.columns.position[candidate] ?? 0) &&
    !places.includes(candidate)
  );
}

function countIn(work: Work, places: Int32Array, { isMember }: Stand): number {
  const { position } = work.pool.columns;
  let count = 0;
  for (const each of places) {
    if (each >= 0 && isMember(position[each] ?? 0)) count++;
  }
  return count;
}

function lift(
  lifting: Lifting,
  stand: Stand,
  members: readonly number[],
): void {
  const { work, places, fixed } = lifting;
  for (const candidate of members) {
    if (countIn(work, places, stand) >= stand.wanted) return;
    const at = placeFor(lifting, stand);
    if (at < 0) return;
    if (breaksCap(lifting, candidate, at)) continue;
    const victim = places[at] ?? -1;
    if (victim >= 0) remove(work, victim, "floor");
    places[at] = candidate;
    fixed.add(candidate);
    stand.lifted.push(candidate);
  }
}

/** An open place, else the lowest that nobody needs; -1 where there is none. */
function placeFor(lifting: Lifting, stand: Stand): number {
  const { work, places, stands, fixed } = lifting;
  const open = places.indexOf(-1);
  if (open >= 0) return open;
  const { position } = work.pool.columns;
  for (let at = places.length - 1; at >= 0; at--) {
    const holder = places[at] ?? -1;
    if (fixed.has(holder)) continue;
    const item = position[holder] ?? 0;
    if (stand.isMember(item)) continue;
    const isNeeded = stands.some(
      (other) =>
        other.isMember(item) && countIn(work, places, other) <= other.wanted,
    );
    if (!isNeeded) return at;
  }
  return -1;
}

function breaksCap(
  { work, places }: Lifting,
  candidate: number,
  at: number,
): boolean {
  const { position } = work.pool.columns;
  const caps = createCaps(work);
  places.forEach((each, place) => {
    if (each >= 0 && place !== at) caps.add(position[each] ?? 0);
  });
  return caps.broken(position[candidate] ?? 0) !== null;
}

/** The best of the lifted takes the first of their places. */
function sortLifted(
  work: Work,
  places: Int32Array,
  lifted: readonly number[],
): void {
  const isLifted = new Set(lifted);
  const best = [...lifted].sort((a, b) => compareCandidates(work, a, b));
  places.forEach((candidate, at) => {
    if (isLifted.has(candidate)) places[at] = best.shift() ?? candidate;
  });
}
