import {
  HOUR_MS,
  type KnobDefinition,
  type KnobValues,
  type UserState,
} from "@recsys/contracts";
import type { Catalogue } from "./catalogue.ts";
import type { Knobs } from "./knob-reader.ts";
import type { Snapshot } from "./snapshot.ts";

/** Knobs of what a person was shown already; the weight of the term `fatigue` stands with those of terms. */
export const FATIGUE_KNOBS: readonly KnobDefinition[] = [
  {
    name: "fatigue.half_life_hours",
    description:
      "After how long an impression counts half of what it did, for the term fatigue.",
    kind: "number",
    default: 24,
    minimum: 0.01,
    maximum: 720,
    unit: "hours",
  },
  {
    name: "fatigue.cap",
    description:
      "How often an item may be shown to a person within fatigue.window_hours; 0 for no limit.",
    kind: "number",
    default: 0,
    minimum: 0,
    maximum: 50,
    integer: true,
    unit: "impressions",
  },
  {
    name: "fatigue.window_hours",
    description: "The time in which fatigue.cap counts.",
    kind: "number",
    default: 24,
    minimum: 0.01,
    maximum: 720,
    unit: "hours",
  },
];

interface Shown {
  readonly catalogue: Catalogue;
  readonly userState: UserState;
  readonly now: number;
}

/** Calls back for each item of each list that the person was shown until now; without consent for none. */
export function eachImpression(
  { catalogue, userState, now }: Shown,
  see: (position: number, ageMs: number) => void,
): void {
  if (userState.consent === "denied") return;
  for (const { ts, item_ids: ids } of userState.impressions ?? []) {
    if (ts > now) continue;
    for (const id of ids) {
      const position = catalogue.positionOf(id);
      if (position >= 0) see(position, now - ts);
    }
  }
}

/** Catalogue positions that `fatigue.cap` takes out. */
export function cappedPositions(shown: Shown, knobs: Knobs): number[] {
  const cap = knobs.number("fatigue.cap");
  if (cap === 0) return [];
  const windowMs = knobs.number("fatigue.window_hours") * HOUR_MS;
  const counts = new Map<number, number>();
  eachImpression(shown, (position, ageMs) => {
    if (ageMs >= windowMs) return;
    counts.set(position, (counts.get(position) ?? 0) + 1);
  });
  return [...counts].flatMap(([position, count]) =>
    count >= cap ? [position] : [],
  );
}

const asks = (values: KnobValues): boolean =>
  (values["fatigue.weight"] ?? 0) !== 0 || (values["fatigue.cap"] ?? 0) !== 0;

const remembered = new WeakMap<Snapshot["config"], boolean>();

/**
 * Whether any layer of the configuration, or the request, asks what people
 * were shown. Known before the person's segment is, because that depends on
 * what is to be read.
 */
export function usesImpressions(
  { config, tenantKnobs }: Pick<Snapshot, "config" | "tenantKnobs">,
  ...requestLayers: readonly KnobValues[]
): boolean {
  let isConfigured = remembered.get(config);
  if (isConfigured === undefined) {
    isConfigured = [
      config.knobs,
      ...Object.values(config.surfaces).map(({ knobs }) => knobs),
      ...config.segments.map(({ knobs }) => knobs),
      ...Object.values(config.slate_policies ?? {}).map(({ knobs }) => knobs),
    ].some(asks);
    remembered.set(config, isConfigured);
  }
  return isConfigured || asks(tenantKnobs) || requestLayers.some(asks);
}
