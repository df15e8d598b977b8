import type {
  ArmStats,
  Bandit,
  BanditChoice,
  KnobValues,
} from "@recsys/contracts";
import type { ExpressionFacts } from "../expression.ts";
import type { Snapshot } from "../snapshot.ts";
import { choose } from "./choose.ts";
import { contextOf } from "./context.ts";
import { drawFor, type DrawFacts } from "./draw.ts";
import { BANDIT_POLICIES } from "./index.ts";
import { armOf } from "./memory.ts";
import type { Chances } from "./policy.ts";

/** The bundles that bandits drew for a request, and the knobs in them. */
export interface ChosenBundles {
  readonly choices: readonly BanditChoice[];
  readonly knobs: KnobValues;
}

const NOTHING: ChosenBundles = { choices: [], knobs: {} };

/** Draws one arm of every bandit of the surface (and segment); where two set the same knob, the later in the list. */
export function chooseBundles(
  snapshot: Snapshot,
  asked: DrawFacts & {
    readonly request: { readonly surface: string };
    readonly segment: string | null;
    readonly facts: ExpressionFacts;
  },
): ChosenBundles {
  const { bandits } = snapshot.config;
  if (bandits === undefined || bandits.length === 0) return NOTHING;
  const choices: BanditChoice[] = [];
  let knobs: KnobValues = {};
  for (const bandit of bandits) {
    const { surface, segment } = bandit;
    if (surface !== asked.request.surface) continue;
    if (segment !== undefined && segment !== asked.segment) continue;
    const arms = [...bandit.arms].sort((a, b) => (a.name < b.name ? -1 : 1));
    const stats = arms.map((arm) =>
      armOf(snapshot.memory, bandit.id, arm.name),
    );
    const context = contextOf(
      bandit.features,
      snapshot.expressions,
      asked.facts,
    );
    const { at, ...chosen } = choose({
      policy: bandit.kind,
      arms: stats,
      epsilon: bandit.epsilon,
      context,
      draw: drawFor(`bandit:${bandit.id}`, bandit, asked),
      ...(bandit.kind === "linucb"
        ? {}
        : { chances: rememberedChances(snapshot, bandit, { stats, context }) }),
    });
    const arm = arms[at];
    if (arm === undefined) continue;
    choices.push({ id: bandit.id, arm: arm.name, ...chosen });
    knobs = { ...knobs, ...arm.knobs };
  }
  return { choices, knobs };
}

/** Without features the probabilities are those of the posteriors, which stay as long as the snapshot. */
function rememberedChances(
  snapshot: Snapshot,
  { id, kind }: Bandit,
  input: {
    readonly stats: readonly ArmStats[];
    readonly context: readonly number[];
  },
): Chances {
  const known = snapshot.chanceCache.get(id);
  if (known !== undefined) return known;
  const { stats: arms, context } = input;
  const chances = BANDIT_POLICIES[kind].chances({ arms, context });
  snapshot.chanceCache.set(id, chances);
  return chances;
}

/** The request with the knobs of the bundles, in the layer of experiments. */
export function withBundles<
  Request extends { readonly experimentKnobs: KnobValues },
>(
  request: Request,
  { choices, knobs }: ChosenBundles,
): Request & { readonly bundle?: string } {
  if (choices.length === 0) return request;
  const experimentKnobs = { ...knobs, ...request.experimentKnobs };
  if (Object.keys(request.experimentKnobs).length > 0) {
    return { ...request, experimentKnobs };
  }
  const bundle = choices.map(({ id, arm }) => `${id}=${arm}`).join();
  return { ...request, experimentKnobs, bundle };
}
