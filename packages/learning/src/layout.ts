import type {
  Artifact,
  Kernels,
  Provenance,
  SignalName,
} from "@recsys/contracts";
import { requireKind } from "./read-artifact.ts";

/** How all signals of one kind are written to an artifact and read from it. */
export interface Layout<Model, View> {
  /** Raised with each change of what is written: readers refuse other versions. */
  readonly schemaVersion: number;
  readonly write: (model: Model) => Omit<Artifact, "provenance">;
  /** Throws a plain Error when a tensor is missing or of another shape or range. */
  readonly read: (artifact: Artifact, kernels?: Kernels) => View;
}

/** Provenance without what the signal itself knows: kind, schema version, parameters. */
export type Origin = Omit<Provenance, "kind" | "schema_version" | "parameters">;

interface Tuned {
  readonly parameters: Readonly<Record<string, number>>;
}

/** The half of a signal that a layout gives it: name and version, pack and view. */
export function stored<Name extends SignalName, Model extends Tuned, View>(
  name: Name,
  { schemaVersion, write, read }: Layout<Model, View>,
) {
  return {
    name,
    schemaVersion,
    pack: (model: Model, origin: Origin): Artifact => ({
      provenance: {
        kind: name,
        schema_version: schemaVersion,
        as_of: origin.as_of,
        window: { from: origin.window.from, to: origin.window.to },
        parameters: model.parameters,
        sources: [...origin.sources],
        code_version: origin.code_version,
      },
      ...write(model),
    }),
    view: (artifact: Artifact, kernels?: Kernels): View => {
      requireKind(artifact, { name, schemaVersion });
      return read(artifact, kernels);
    },
  };
}
