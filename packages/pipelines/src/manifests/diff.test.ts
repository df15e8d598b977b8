import type { Manifest } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { diffManifests } from "./diff.ts";

const manifest: Manifest = {
  schema_version: 1,
  tenant: "t",
  namespace: "default",
  as_of: Date.UTC(2026, 0, 1),
  parent: null,
  artifacts: {
    popularity: { hash: "p1", bytes: 1 },
    trending: { hash: "t1", bytes: 1 },
  },
  evaluation: null,
  recipe: { jobs: ["popularity"], parameters_hash: "h", code_version: "c" },
};

describe("the difference of two manifests", () => {
  it("names artifacts that came, went and changed", () => {
    const after = {
      ...manifest,
      artifacts: {
        popularity: { hash: "p2", bytes: 1 },
        content: { hash: "c1", bytes: 1 },
      },
    };
    expect(diffManifests(manifest, after)).toEqual([
      { part: "artifacts.content", kind: "added", before: null, after: "c1" },
      {
        part: "artifacts.popularity",
        kind: "changed",
        before: "p1",
        after: "p2",
      },
      {
        part: "artifacts.trending",
        kind: "removed",
        before: "t1",
        after: null,
      },
    ]);
  });

  it("is empty for a manifest and itself", () => {
    expect(diffManifests(manifest, manifest)).toEqual([]);
  });
});
