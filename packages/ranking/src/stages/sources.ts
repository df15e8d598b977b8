import type { Stage } from "../work.ts";
import { collectOffers } from "./offers.ts";

export const sources: Stage = {
  name: "sources",
  does: "Each source offers candidates, best first, up to its quota and what filters will surely take.",
  reasons: {},
  run(work) {
    collectOffers(work, false);
    work.stage.out = work.active.reduce(
      (sum, { offer }) => sum + offer.positions.length,
      0,
    );
    warnAboutUnknown(work);
  },
};

/** Ids that the caller named and nobody knows are said, not dropped. */
function warnAboutUnknown(work: Parameters<Stage["run"]>[0]): void {
  const { request, snapshot } = work;
  const named = {
    anchors: request.anchors,
    include_ids: request.include ?? [],
  };
  for (const [field, ids] of Object.entries(named)) {
    const unknown = ids.filter((id) => snapshot.catalogue.positionOf(id) < 0);
    if (unknown.length === 0) continue;
    work.warnings.push({
      code: "ITEM_UNKNOWN",
      detail: `${unknown.length} of ${ids.length} ${field} are not in the catalogue, such as ${[...unknown].sort()[0] ?? ""}`,
    });
  }
  const given = work.active.find(({ source }) => source.name === "candidates");
  const cut = (request.include?.length ?? 0) - (given?.limit ?? Infinity);
  if (
    given !== undefined &&
    cut > 0 &&
    given.offer.positions.length === given.limit
  ) {
    work.warnings.push({
      code: "CANDIDATES_CUT",
      detail: `candidates.quota lets ${given.limit} of the named items in`,
    });
  }
}
