import { canonicalJson, encodeUtf8 } from "@recsys/contracts";
import { evaluateCandidate } from "../evaluation/evaluate-candidate.ts";
import type { Job } from "./job.ts";

export const evaluate: Job = {
  name: "evaluate",
  description:
    "Learns by the run's recipe up to a recent moment, ranks the days after it through the served pipeline, and compares with the live manifest's recipe.",
  inputs: ["events", "items"],
  outputs: ["evaluation"],
  owner: "recommendations",
  objectiveHours: 48,
  run: async (run) => {
    const evaluated = await evaluateCandidate(run);
    if (evaluated.kind === "not-computable") {
      return {
        result: "nothing-to-do",
        facts: { because: evaluated.because },
      };
    }
    const { report } = evaluated;
    const hash = await run.objects.put(encodeUtf8(canonicalJson(report)));
    run.board.evaluation = { hash, report };
    return {
      result: "done",
      facts: {
        report: hash,
        decision: report.decision?.decision ?? null,
        baseline: report.baseline,
        users: report.users.scored,
        metrics: Object.fromEntries(
          report.metrics.map(({ name, mean }) => [
            name,
            mean.kind === "number" ? mean.value : null,
          ]),
        ),
      },
    };
  },
};
