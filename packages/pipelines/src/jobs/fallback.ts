import { canonicalJson, type FallbackLists } from "@recsys/contracts";
import { makeFallbackLists } from "../fallback/make-lists.ts";
import { publishFallbacks } from "../fallback/publish-lists.ts";
import type { Job } from "./job.ts";

export const fallback: Job = {
  name: "fallback",
  description:
    "Makes and checks the list of each surface that is shown when nothing better can be; lists set by hand stay until they expire.",
  inputs: ["artifact", "items"],
  outputs: ["fallbacks"],
  owner: "recommendations",
  objectiveHours: 48,
  run: async (run) => {
    const made = await makeFallbackLists(run);
    const before = run.live.fallbacks.lists.lists;
    const lists: FallbackLists["lists"] = {};
    const kept: string[] = [];
    for (const [surface, list] of Object.entries(made.lists)) {
      const present = before[surface];
      const isManual =
        present?.source === "manual" &&
        Date.parse(present.expires_at) > run.asOf;
      lists[surface] = isManual ? present : list;
      if (isManual) kept.push(surface);
    }
    const facts = { surfaces: Object.keys(lists), kept, refused: made.refused };
    if (!isDue(before, lists, run.asOf)) {
      return { result: "nothing-to-do", facts };
    }
    await publishFallbacks(run, { lists: { ...before, ...lists } });
    return { result: "done", facts };
  },
};

/** New items in a list, a new surface, or half of a list's life gone. */
function isDue(
  before: FallbackLists["lists"],
  after: FallbackLists["lists"],
  now: number,
): boolean {
  return Object.entries(after).some(([surface, list]) => {
    const present = before[surface];
    if (present === undefined) return true;
    if (present.source === "manual" && list.source === "manual") return false;
    const isSame =
      canonicalJson(contentOf(present)) === canonicalJson(contentOf(list));
    const left = Date.parse(present.expires_at) - now;
    const life = Date.parse(list.expires_at) - now;
    return !isSame || left < life / 2;
  });
}

/** All but the time at which it expires. */
function contentOf(list: FallbackLists["lists"][string]): unknown[] {
  const { item_ids, owner, source, segments = {} } = list;
  return [item_ids, owner, source, segments];
}
