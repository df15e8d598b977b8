import {
  SIGNAL_NAMES,
  type ConfigDocument,
  type KnobValues,
  type RuleSet,
  type SignalName,
} from "@recsys/contracts";
import { KNOBS } from "@recsys/ranking";
import type { PipelineParameters } from "@recsys/contracts";

/** One way to make lists: what is learned and how it is ranked. */
export interface OfflineArm {
  readonly label: string;
  readonly config: ConfigDocument;
  readonly tenantKnobs: KnobValues;
  readonly rules: RuleSet;
  readonly parameters: PipelineParameters;
  /** Signals to learn; others are reported as missing by ranking. */
  readonly signals: readonly SignalName[];
  /** Knobs of the request layer, the strongest. */
  readonly knobs: KnobValues;
}

/** Most candidates that a source may offer, so that a history of thousands still leaves a full list. */
const DEEP_QUOTA = 200;

/** Knobs that leave a single source: its candidates in the order of its own signal, no diversity. */
export function onlySource(source: string): KnobValues {
  const weights = KNOBS.filter(({ name }) => name.endsWith(".weight"));
  if (!weights.some(({ name }) => name === `${source}.weight`)) {
    const names = weights.map(({ name }) => name.slice(0, -".weight".length));
    throw new Error(`no source ${source}; there are ${names.join(", ")}`);
  }
  return {
    ...Object.fromEntries(weights.map(({ name }) => [name, 0])),
    [`${source}.weight`]: 1,
    [`${source}.quota`]: DEEP_QUOTA,
    "diversity.mmr_lambda": 1,
  };
}

/** The same arm with one source alone. */
export function withOnly(arm: OfflineArm, source: string): OfflineArm {
  return {
    ...arm,
    label: source,
    knobs: { ...arm.knobs, ...onlySource(source) },
    signals: signalsOf(source),
  };
}

/** Signals are named like the sources that need them; a source that needs several learns all. */
function signalsOf(source: string): readonly SignalName[] {
  const named = SIGNAL_NAMES.filter(
    (name) => name.replaceAll("-", "_") === source,
  );
  return named.length > 0 ? named : SIGNAL_NAMES;
}
