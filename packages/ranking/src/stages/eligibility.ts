import { FILTERS } from "../eligibility/index.ts";
import { createRemovalFinder } from "../eligibility/filter.ts";
import { remove, type Stage, type Work } from "../work.ts";
import { addOffers } from "./merge.ts";
import { collectOffers } from "./offers.ts";

export const eligibility: Stage = {
  name: "eligibility",
  does: "What may not be listed is removed, each with its reason; where that leaves too little, sources are asked for all they have.",
  reasons: Object.fromEntries(
    FILTERS.map(({ reason, text }) => [reason, text]),
  ),
  run(work) {
    const kept: number[] = [];
    filterFrom(work, 0, kept);
    if (kept.length < work.request.k && wasCut(work)) {
      const before = work.pool.count;
      collectOffers(work, true);
      addOffers(work);
      work.stage.in += work.pool.count - before;
      filterFrom(work, before, kept);
    }
    work.alive = Int32Array.from(kept);
    countSurvivors(work);
  },
};

/** A source that offered as much as it might can have more. */
function wasCut(work: Work): boolean {
  return (
    work.request.include === null &&
    work.active.some(
      ({ source, limit, offer }) =>
        source.isGiven !== true &&
        limit > 0 &&
        limit < work.snapshot.catalogue.size &&
        offer.positions.length >= limit,
    )
  );
}

function filterFrom(work: Work, start: number, kept: number[]): void {
  const { filters, pool, scratch, snapshot } = work;
  const { position } = pool.columns;
  const findRemoval = createRemovalFinder(
    filters,
    snapshot.catalogue.columns.state,
    scratch.marks,
  );
  for (let candidate = start; candidate < pool.count; candidate++) {
    const removal = findRemoval(position[candidate] ?? 0);
    if (removal === undefined) kept.push(candidate);
    else remove(work, candidate, removal.reason);
  }
}

function countSurvivors(work: Work): void {
  const { offeredBy } = work.pool.columns;
  const survived = new Map<string, number>();
  for (const { source, bit } of work.active) {
    let count = 0;
    for (const candidate of work.alive) {
      if (((offeredBy[candidate] ?? 0) & bit) !== 0) count++;
    }
    survived.set(source.name, count);
  }
  work.reports = work.reports.map((report) =>
    report.outcome === "ok"
      ? { ...report, survived: survived.get(report.source) ?? 0 }
      : report,
  );
}
