import {
  NO_POSTERIORS,
  SIGNAL_NAMES,
  type ConfigDocument,
  type DecisionVersions,
  type FallbackLists,
  type KnobValues,
  type Posteriors,
  type RuleSet,
  type SignalName,
  type SignalView,
  type SignalViews,
} from "@recsys/contracts";
import { rememberArms, type BanditMemory } from "./bandits/memory.ts";
import type { Chances } from "./bandits/policy.ts";
import { bind, rebind, type Bound, type BoundSignals } from "./bindings.ts";
import type { Catalogue } from "./catalogue.ts";
import { createExpressions, type Expressions } from "./expressions.ts";
import type { Knobs } from "./knob-reader.ts";
import { compileRules, type CompiledRules } from "./rules.ts";
import { createScratch, type Scratch } from "./scratch.ts";

/** What a snapshot is made of. */
export interface SnapshotParts {
  readonly tenant: string;
  readonly namespace: string;
  readonly versions: DecisionVersions;
  readonly config: ConfigDocument;
  readonly tenantKnobs: KnobValues;
  readonly rules: RuleSet;
  readonly fallbacks: FallbackLists;
  readonly catalogue: Catalogue;
  readonly signals: Partial<SignalViews>;
  /** Why a signal is not there, for those that should be. */
  readonly missing: Partial<Record<SignalName, string>>;
  /** What bandits and exploration slots have learned; absent: nothing. */
  readonly posteriors?: Posteriors;
}

/**
 * Everything that one request of a tenant and namespace sees, immutable but
 * for the scratch arrays and remembered knobs, which no output depends on.
 */
export interface Snapshot extends SnapshotParts {
  readonly bound: BoundSignals;
  readonly expressions: Expressions;
  readonly compiledRules: CompiledRules;
  readonly knobCache: Map<string, Knobs>;
  readonly memory: BanditMemory;
  /** Probabilities by bandit, for those that need no context. */
  readonly chanceCache: Map<string, Chances>;
  readonly scratch: Scratch;
}

/** Binds signals to catalogue positions and prepares rules: linear in the artifacts, so once per version. */
export function createSnapshot(parts: SnapshotParts): Snapshot {
  const expressions = createExpressions(parts.config.schema);
  return {
    ...parts,
    bound: bindAll(parts.signals, parts.catalogue),
    expressions,
    compiledRules: compileRules(parts.rules, expressions),
    knobCache: new Map(),
    memory: rememberArms(parts.posteriors ?? NO_POSTERIORS),
    chanceCache: new Map(),
    scratch: makeScratch(parts.catalogue.size, parts.signals),
  };
}

/** The same snapshot after item changes; ids that the artifacts knew before the catalogue did are bound now. */
export function snapshotWithCatalogue(
  snapshot: Snapshot,
  catalogue: Catalogue,
): Snapshot {
  const { bound, scratch, signals } = snapshot;
  return {
    ...snapshot,
    catalogue,
    versions: {
      ...snapshot.versions,
      catalogue_revision: catalogue.revision,
    },
    bound: isDescendant(catalogue, snapshot.catalogue)
      ? mapBound(SIGNAL_NAMES, (name) => {
          const before = bound[name];
          return before && rebind<SignalView>(before, catalogue);
        })
      : bindAll(signals, catalogue),
    scratch:
      catalogue.size > scratch.size
        ? makeScratch(Math.ceil(catalogue.size * 1.1), signals)
        : scratch,
  };
}

/** The same snapshot with other segments; nothing that was learned or remembered of the configuration is shared. */
export function snapshotWithSegments(
  snapshot: Snapshot,
  segments: ConfigDocument["segments"],
): Snapshot {
  return {
    ...snapshot,
    config: { ...snapshot.config, segments },
    knobCache: new Map(),
  };
}

/** The same snapshot after bandits have learned more. */
export function snapshotWithPosteriors(
  snapshot: Snapshot,
  posteriors: Posteriors,
): Snapshot {
  return {
    ...snapshot,
    posteriors,
    memory: rememberArms(posteriors),
    chanceCache: new Map(),
  };
}

/** The same snapshot under other rules; the scratch arrays are shared. */
export function snapshotWithRules(
  snapshot: Snapshot,
  rules: RuleSet,
): Snapshot {
  return {
    ...snapshot,
    rules,
    compiledRules: compileRules(rules, snapshot.expressions),
  };
}

function makeScratch(size: number, signals: Partial<SignalViews>): Scratch {
  const lengths = SIGNAL_NAMES.map((name) => signals[name]?.ids.length ?? 0);
  return createScratch(size, Math.max(size, ...lengths));
}

/** True when positions of the one mean the same item in the other. */
function isDescendant(catalogue: Catalogue, before: Catalogue): boolean {
  return catalogue.ids === before.ids && catalogue.size >= before.size;
}

function mapBound(
  names: readonly SignalName[],
  make: (name: SignalName) => Bound<SignalView> | undefined,
): BoundSignals {
  return Object.fromEntries(
    names.flatMap((name) => {
      const bound = make(name);
      return bound === undefined ? [] : [[name, bound]];
    }),
  );
}

function bindAll(
  signals: Partial<SignalViews>,
  catalogue: Catalogue,
): BoundSignals {
  const made: Bound<SignalView>[] = [];
  return mapBound(SIGNAL_NAMES, (name) => {
    const view = signals[name];
    if (view === undefined) return undefined;
    const bound = bind<SignalView>(view, catalogue, made);
    made.push(bound);
    return bound;
  });
}
