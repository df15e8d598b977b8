import type {
  EffectiveKnob,
  KnobLayer,
  KnobValues,
  RankRequest,
  Warning,
} from "@recsys/contracts";
import { createKnobs, type Knobs } from "./knob-reader.ts";
import { KNOBS, knobProblem } from "./knobs.ts";
import { policyKnobs } from "./policies.ts";
import type { Snapshot } from "./snapshot.ts";

interface Layer {
  readonly layer: KnobLayer;
  readonly values: KnobValues;
}

/**
 * Default → tenant → namespace → surface → segment → experiment → request:
 * the last layer that sets a knob wins. What surface and segment make of the
 * configuration is remembered in the snapshot.
 */
export function resolveKnobs(
  snapshot: Snapshot,
  request: Pick<RankRequest, "surface" | "experimentKnobs" | "requestKnobs"> & {
    /** Names the knobs of the experiment where they are configured, too. */
    readonly bundle?: string;
  },
  segment: string | null,
): Knobs {
  const { surfaces, segments } = snapshot.config;
  // Names that are not configured share an entry, so that callers cannot make
  // the cache grow.
  const key = JSON.stringify([
    Object.hasOwn(surfaces, request.surface) ? request.surface : null,
    segments.some(({ name }) => name === segment) ? segment : null,
  ]);
  let configured = snapshot.knobCache.get(key);
  if (configured === undefined) {
    configured = layered(
      configLayers(snapshot, request.surface, segment),
      null,
    );
    snapshot.knobCache.set(key, configured);
  }
  const layers: Layer[] = [
    { layer: "experiment", values: request.experimentKnobs },
    { layer: "request", values: request.requestKnobs },
  ];
  const given = layers.filter(({ values }) => hasKeys(values));
  if (given.length === 0) return configured;
  if (request.bundle === undefined || hasKeys(request.requestKnobs)) {
    return layered(given, configured);
  }
  const bundleKey = JSON.stringify([key, request.bundle]);
  const bundled =
    snapshot.knobCache.get(bundleKey) ?? layered(given, configured);
  snapshot.knobCache.set(bundleKey, bundled);
  return bundled;
}

/** The value of every knob and the layer that it comes from. */
export function effectiveKnobs(
  snapshot: Snapshot,
  request: Pick<RankRequest, "surface" | "experimentKnobs" | "requestKnobs">,
  segment: string | null,
): readonly EffectiveKnob[] {
  return resolveKnobs(snapshot, request, segment).effective;
}

function hasKeys(values: KnobValues): boolean {
  return Object.keys(values).length > 0;
}

function configLayers(
  snapshot: Snapshot,
  surface: string,
  segment: string | null,
): Layer[] {
  const { config } = snapshot;
  const ofSurface = Object.hasOwn(config.surfaces, surface)
    ? config.surfaces[surface]?.knobs
    : undefined;
  const ofSegment = config.segments.find((each) => each.name === segment);
  return [
    { layer: "tenant", values: snapshot.tenantKnobs },
    { layer: "namespace", values: config.knobs },
    {
      layer: "surface",
      values: { ...policyKnobs(config, surface), ...ofSurface },
    },
    { layer: "segment", values: ofSegment?.knobs ?? {} },
  ];
}

function layered(layers: readonly Layer[], under: Knobs | null): Knobs {
  const byName = new Map<string, EffectiveKnob>();
  const start: readonly EffectiveKnob[] =
    under?.effective ??
    KNOBS.map(({ name, default: value }) => ({
      name,
      value,
      layer: "default",
    }));
  for (const knob of start) byName.set(knob.name, knob);
  const warnings: Warning[] = [...(under?.warnings ?? [])];
  for (const { layer, values } of layers) {
    for (const [name, value] of Object.entries(values)) {
      const problem = knobProblem(name, value);
      if (problem === null) byName.set(name, { name, value, layer });
      else {
        warnings.push({
          code: "KNOB_IGNORED",
          detail: `${name} of layer ${layer}: ${problem.message}`,
        });
      }
    }
  }
  return createKnobs(byName, warnings);
}
