import { hashSeed, type KnobValues, type RankRequest } from "@recsys/contracts";
import type { Snapshot } from "@recsys/ranking";
import { pseudonymOf } from "../auth/pseudonym.ts";
import type { Asked } from "./normalise.ts";

/**
 * Seeds of who asks, for draws that a user or a session keeps. They go with the
 * request into its record: identifiers change when a visitor becomes known,
 * and a replay must draw again what was drawn. Nothing where nothing is drawn.
 */
export function unitsOf(
  asked: Asked,
  from: {
    readonly snapshot: Snapshot;
    readonly request: RankRequest;
    readonly bucketKey: string;
    readonly secret: Buffer;
  },
): Pick<RankRequest, "units"> {
  if (!mayDraw(from.snapshot, from.request)) return {};
  const session = asked.body.user?.session_id;
  const { bucketKey, secret } = from;
  return {
    units: {
      ...(bucketKey === "" ? {} : { user: hashSeed(`user:${bucketKey}`) }),
      ...(session === undefined
        ? {}
        : { session: hashSeed(pseudonymOf(secret, "session", session)) }),
    },
  };
}

const KNOBS = ["slots.exploration", "rotation.weight"];

const asksFor = (values: KnobValues): boolean =>
  KNOBS.some((knob) => knob in values);

/** Whether a bandit is configured, or any layer has exploration slots or rotation. */
function mayDraw(snapshot: Snapshot, request: RankRequest): boolean {
  return (
    asksFor(request.requestKnobs) ||
    asksFor(request.experimentKnobs) ||
    isConfigured(snapshot)
  );
}

const KNOWN = new WeakMap<Snapshot["config"], boolean>();

function isConfigured({ config, tenantKnobs }: Snapshot): boolean {
  if (asksFor(tenantKnobs)) return true;
  const known = KNOWN.get(config);
  if (known !== undefined) return known;
  const { bandits = [], slate_policies = {}, surfaces, segments } = config;
  const layers: readonly { readonly knobs: KnobValues }[] = [
    config,
    ...Object.values(surfaces),
    ...segments,
    ...Object.values(slate_policies),
  ];
  const found =
    bandits.length > 0 || layers.some(({ knobs }) => asksFor(knobs));
  KNOWN.set(config, found);
  return found;
}
