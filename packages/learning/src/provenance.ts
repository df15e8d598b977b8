import type { Provenance, SignalName } from "@recsys/contracts";

/** Provenance without what the signal itself knows: kind, schema version, parameters. */
export type Origin = Omit<Provenance, "kind" | "schema_version" | "parameters">;

/** The provenance of a model of `signal`, in one fixed set of fields. */
export function provenanceOf(
  signal: { readonly name: SignalName; readonly schemaVersion: number },
  parameters: Readonly<Record<string, number>>,
  origin: Origin,
): Provenance {
  return {
    kind: signal.name,
    schema_version: signal.schemaVersion,
    as_of: origin.as_of,
    window: { from: origin.window.from, to: origin.window.to },
    parameters,
    sources: [...origin.sources],
    code_version: origin.code_version,
  };
}
