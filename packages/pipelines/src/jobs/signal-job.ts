import type { SignalName } from "@recsys/contracts";
import { SIGNALS, type Origin } from "@recsys/learning";
import { countItems } from "../interactions/count-items.ts";
import { checkLimit } from "../recipe/limits.ts";
import { remember, reusable } from "../runner/reuse.ts";
import type { ArtifactRef, Run } from "../runner/run.ts";
import type { Job, JobOutcome } from "./job.ts";

/** The job that learns one signal; the signals differ in name, owner and objective only. */
export function signalJob(facts: {
  readonly name: SignalName;
  readonly description: string;
  readonly owner: string;
  readonly objectiveHours: number;
}): Job {
  return {
    ...facts,
    inputs: [facts.name === "content" ? "items" : "events"],
    outputs: ["artifact"],
    run: (run) => learnSignalOf(run, facts.name),
  };
}

async function learnSignalOf(run: Run, name: SignalName): Promise<JobOutcome> {
  const origin = await originOf(run, name);
  if (origin === null) {
    return {
      result: "nothing-to-do",
      facts: { because: name === "content" ? "no items" : "no interactions" },
    };
  }
  const overrides = run.parameters.signals[name] ?? {};
  const defaults = Object.entries(SIGNALS[name].parameters).map(
    ([parameter, definition]) => [parameter, definition.default] as const,
  );
  const parameters = { ...Object.fromEntries(defaults), ...overrides };
  const key = {
    signal: name,
    schema_version: SIGNALS[name].schemaVersion,
    parameters,
    origin: { ...origin, sources: [...origin.sources] },
  };
  const known = await reusable(run, key);
  if (known !== null) return outcome(run, name, { ref: known, isNew: false });
  if (name === "content") await run.catalogue();
  else if (name !== "item-rates") await run.training();
  const bytes = await run.learner.learn(
    run.runId,
    { signal: name, parameters: overrides, origin },
    run.progress,
  );
  checkLimit(run.parameters.limits, "artifact_bytes", bytes.length);
  const ref = { hash: await run.objects.put(bytes), bytes: bytes.length };
  await remember(run, key, { ...ref });
  return outcome(run, name, { ref, isNew: true });
}

function outcome(
  run: Run,
  name: SignalName,
  { ref, isNew }: { readonly ref: ArtifactRef; readonly isNew: boolean },
): JobOutcome {
  run.board.artifacts.set(name, ref);
  return {
    result: isNew ? "done" : "reused",
    facts: { artifact: ref.hash, bytes: ref.bytes },
  };
}

function originOf(run: Run, name: SignalName): Promise<Origin | null> {
  if (name === "content") return textOrigin(run);
  return name === "item-rates" ? countsOrigin(run) : historyOrigin(run);
}

/** Counting is quick, so the counts are taken anew and say by their hash whether anything changed. */
async function countsOrigin(run: Run): Promise<Origin | null> {
  const { counts, hash, window } = await countItems(run);
  if (counts.items.length === 0) return null;
  run.learner.load(run.runId, { counts });
  return {
    as_of: window.to,
    window,
    sources: [hash],
    code_version: run.codeVersion,
  };
}

async function historyOrigin(run: Run): Promise<Origin | null> {
  const history = await run.history();
  if (history.rows === 0) return null;
  return {
    as_of: history.asOf,
    window: history.window,
    sources: [history.hash],
    code_version: run.codeVersion,
  };
}

/** Texts have no clock: the newest creation time stands for the moment, so that an unchanged catalogue gives the same bytes on any day. */
async function textOrigin(run: Run): Promise<Origin | null> {
  const { items, hash } = await run.catalogue();
  if (items.length === 0) return null;
  const newest = items.reduce(
    (latest, item) => Math.max(latest, item.created_at ?? 0),
    0,
  );
  return {
    as_of: newest,
    window: { from: 0, to: newest },
    sources: [hash],
    code_version: run.codeVersion,
  };
}
