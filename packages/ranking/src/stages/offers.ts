import type { SignalName, SourceReport } from "@recsys/contracts";
import type { NotOffered, Source, SourceInput } from "../source.ts";
import { SOURCES } from "../sources/index.ts";
import type { ActiveSource, Work } from "../work.ts";

interface Entry {
  readonly source: Source;
  readonly bit: number;
  readonly weightKnob: string;
  readonly quotaKnob: string;
}

const ENTRIES: readonly Entry[] = SOURCES.map((source, number) => ({
  source,
  bit: 1 << number,
  weightKnob: `${source.name}.weight`,
  quotaKnob: `${source.name}.quota`,
}));

/**
 * Asks every source that has weight (or is given) for candidates. `isWide`
 * lifts the quotas of sources that were cut by theirs: used when filters left
 * too little.
 */
export function collectOffers(work: Work, isWide: boolean): void {
  const active: ActiveSource[] = [];
  const reports: SourceReport[] = [];
  for (const entry of ENTRIES) {
    const report = ask(work, entry, { isWide, active });
    reports.push(report);
    if (report.outcome === "unavailable" && !isWide) {
      work.degraded.push({
        part: `source:${report.source}`,
        reason: report.reason ?? "unavailable",
      });
    }
  }
  work.active = active;
  work.reports = reports;
}

function ask(
  work: Work,
  entry: Entry,
  how: { readonly isWide: boolean; readonly active: ActiveSource[] },
): SourceReport {
  const { source, bit } = entry;
  const weight = work.knobs.number(entry.weightKnob);
  const nothing = { source: source.name, weight, offered: 0, survived: 0 };
  const isAsked = source.isGiven === true || source.isAsked?.(work.knobs);
  if (weight === 0 && isAsked !== true) {
    return { ...nothing, outcome: "off" };
  }
  const refusal = refuse(work, source);
  if (refusal !== null) return { ...nothing, ...refusal };
  const quota = work.knobs.number(entry.quotaKnob);
  const limit = limitOf(
    work,
    source,
    how.isWide && quota > 0 ? Math.max(WIDE_QUOTA, quota) : quota,
  );
  const offer = source.offer(inputFor(work, limit));
  if (offer.outcome !== "ok") return { ...nothing, ...offer };
  how.active.push({ source, bit, weight, limit, offer });
  return { ...nothing, outcome: "ok", offered: offer.positions.length };
}

/** What a source may offer when filters left too little of the first round. */
const WIDE_QUOTA = 2000;

/** Over-fetches by what will surely be removed; with given candidates only the given may offer. */
function limitOf(work: Work, source: Source, quota: number): number {
  if (source.isGiven === true) {
    return work.knobs.number(`${source.name}.quota`);
  }
  if (work.request.include !== null || quota === 0) return 0;
  return Math.min(quota + work.hardExcluded, work.snapshot.catalogue.size);
}

function refuse(work: Work, source: Source): NotOffered | null {
  const missing = source.needs.find((name) => !work.snapshot.bound[name]);
  if (missing !== undefined) {
    return { outcome: "unavailable", reason: reasonMissing(work, missing) };
  }
  const isPersonal =
    source.personal === "always" ||
    (source.personal === "without-anchors" &&
      work.request.anchors.length === 0);
  if (isPersonal && work.consent === "denied") {
    return {
      outcome: "not-applicable",
      reason: "the user does not consent to personal recommendations",
    };
  }
  return null;
}

function reasonMissing(work: Work, name: SignalName): string {
  return (
    work.snapshot.missing[name] ?? `the manifest has no signal ${name} yet`
  );
}

function inputFor(work: Work, limit: number): SourceInput<SignalName> {
  return {
    request: work.request,
    catalogue: work.snapshot.catalogue,
    signal: (name) => boundSignal(work, name),
    knobs: work.knobs,
    anchors: work.anchors,
    tastes: work.tastes,
    history: work.history,
    pins: work.pins,
    boosts: work.boosts,
    cold: work.cold,
    starter: work.starter,
    limit,
    now: work.now,
    scratch: work.scratch,
  };
}

/** `refuse` made sure of those that the source needs; another is a defect of the source. */
function boundSignal<Name extends SignalName>(work: Work, name: Name) {
  const bound = work.snapshot.bound[name];
  if (bound === undefined) throw new Error(`undeclared signal ${name}`);
  return bound;
}
