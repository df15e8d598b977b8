import { canonicalJson, type Json } from "@recsys/contracts";
import { candidateManifest } from "../manifests/candidate.ts";
import { diffManifests } from "../manifests/diff.ts";
import { proposeManifest, storeManifest } from "../manifests/propose.ts";
import type { Job } from "./job.ts";

export const publish: Job = {
  name: "publish",
  description:
    "Makes the manifest of the run's artifacts and, unless the gate holds it, proposes it as the live one.",
  inputs: ["artifact", "evaluation"],
  outputs: ["manifest"],
  owner: "recommendations",
  objectiveHours: 48,
  run: async (run) => {
    const candidate = await candidateManifest(run);
    if (candidate === null) {
      return { result: "nothing-to-do", facts: { because: "no artifacts" } };
    }
    const { manifest, leftOut } = candidate;
    const live = run.live.manifest;
    const isSame =
      live !== null &&
      canonicalJson([live.content.artifacts, live.content.recipe]) ===
        canonicalJson([manifest.artifacts, manifest.recipe]);
    if (isSame) {
      run.board.manifest = {
        version: live.state.version,
        hash: live.state.hash,
      };
      return {
        result: "nothing-to-do",
        facts: {
          because: "the live manifest serves these artifacts",
          manifest: live.state.hash,
          version: live.state.version,
        },
      };
    }
    const hash = await storeManifest(run.objects, manifest);
    const decision = run.board.evaluation?.report.decision ?? null;
    if (decision !== null && decision.decision !== "ship") {
      return {
        result: "held",
        facts: {
          manifest: hash,
          decision: decision.decision,
          reasons: decision.reasons
            .filter(({ outcome }) => outcome !== "pass")
            .map(({ subject, because }) => `${subject}: ${because}`),
        },
      };
    }
    const state = await proposeManifest(run, {
      manifest,
      reason: `run ${run.runId}`,
    });
    run.board.manifest = { version: state.version, hash: state.hash };
    const changed = live === null ? [] : diffManifests(live.content, manifest);
    const facts: Record<string, Json> = {
      manifest: state.hash,
      version: state.version,
      changed: changed.map(({ part }) => part),
      ...(leftOut.length === 0 ? {} : { left_out: [...leftOut] }),
    };
    return { result: "done", facts };
  },
};
