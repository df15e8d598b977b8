import {
  canonicalJson,
  DEFAULT_EXPLORATION,
  type Bandit,
  type ConfigDocument,
  type ExplorationPolicy,
  type FieldError,
} from "@recsys/contracts";
import {
  checkKnobs,
  createExpressions,
  expressionErrors,
} from "@recsys/ranking";

/** What the schema of bandits and of exploration cannot say: names that are not known or stand twice, features that nothing reads, bandits that would set the same knob. */
export function banditErrors(config: ConfigDocument): FieldError[] {
  const { bandits = [], exploration } = config;
  return [
    ...bandits.flatMap((bandit, i) => {
      const path = `/bandits/${i}`;
      return [
        ...scopeErrors(bandit, { config, path }),
        ...armErrors(bandit, path),
        ...featureUseErrors(bandit, path),
        ...learningErrors(bandit, { config, path }),
      ];
    }),
    ...repeated(bandits, "/bandits", "id"),
    ...sharedKnobs(bandits),
    ...(exploration === undefined || isDefault(exploration)
      ? []
      : learningErrors(exploration, { config, path: "/exploration" })),
  ];
}

/** What nobody wrote stands in nobody's way: the default counts event types that a tenant may not have. */
function isDefault(exploration: ExplorationPolicy): boolean {
  return canonicalJson(exploration) === canonicalJson(DEFAULT_EXPLORATION);
}

interface Place {
  readonly config: ConfigDocument;
  readonly path: string;
}

function scopeErrors(
  { surface, segment }: Bandit,
  { config, path }: Place,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!Object.hasOwn(config.surfaces, surface)) {
    errors.push({
      path: `${path}/surface`,
      code: "unknown_surface",
      message: `there is no surface ${surface}`,
    });
  }
  const { segments } = config;
  if (segment !== undefined && !segments.some(({ name }) => name === segment)) {
    errors.push({
      path: `${path}/segment`,
      code: "unknown_segment",
      message: `there is no segment ${segment}`,
    });
  }
  return errors;
}

function armErrors({ arms }: Bandit, path: string): FieldError[] {
  return [
    ...repeated(arms, `${path}/arms`, "name"),
    ...arms.flatMap(({ knobs }, i) =>
      checkKnobs(knobs, `${path}/arms/${i}/knobs`),
    ),
  ];
}

function featureUseErrors(
  { kind, features = [] }: Bandit,
  path: string,
): FieldError[] {
  if (kind === "linucb" && features.length === 0) {
    const message = "linucb needs at least one feature";
    return [{ path: `${path}/features`, code: "required", message }];
  }
  if (kind !== "linucb" && features.length > 0) {
    const message = `${kind} reads no features`;
    return [{ path: `${path}/features`, code: "unused", message }];
  }
  return [];
}

function learningErrors(
  { reward, features = [] }: ExplorationPolicy,
  { config, path }: Place,
): FieldError[] {
  const expressions = createExpressions(config.schema);
  const unknown = Object.keys(reward).filter(
    (type) => !Object.hasOwn(config.event_types, type),
  );
  return [
    ...unknown.map((type) => ({
      path: `${path}/reward/${type}`,
      code: "unknown_event_type",
      message: `there is no event type ${type}`,
    })),
    ...repeated(features, `${path}/features`, "name"),
    ...features.flatMap((feature, i) => {
      const at = `${path}/features/${i}`;
      return expressionErrors(
        expressions,
        "when" in feature
          ? { text: feature.when, use: "condition", path: `${at}/when` }
          : { text: feature.value, use: "measure", path: `${at}/value` },
      );
    }),
  ];
}

function repeated<Key extends string>(
  members: readonly Readonly<Record<Key, string>>[],
  path: string,
  key: Key,
): FieldError[] {
  const names = members.map((member) => member[key]);
  return names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [
          {
            path: `${path}/${i}/${key}`,
            code: "repeated",
            message: `there is another ${name}`,
          },
        ],
  );
}

/** Of two bandits that may act on one request only one may set a knob: else the other would learn from lists that it did not make. */
function sharedKnobs(bandits: readonly Bandit[]): FieldError[] {
  return bandits.flatMap((bandit, i) => {
    const others = bandits.slice(0, i).filter((each) => mayMeet(each, bandit));
    const taken = new Map(
      others.flatMap(({ id, arms }) =>
        arms.flatMap(({ knobs }) =>
          Object.keys(knobs).map((name) => [name, id] as const),
        ),
      ),
    );
    return bandit.arms.flatMap(({ knobs }, j) =>
      Object.keys(knobs).flatMap((name) =>
        taken.has(name)
          ? [
              {
                path: `/bandits/${i}/arms/${j}/knobs/${name}`,
                code: "conflict",
                message: `the bandit ${taken.get(name) ?? ""} sets it, too`,
              },
            ]
          : [],
      ),
    );
  });
}

function mayMeet(a: Bandit, b: Bandit): boolean {
  return (
    a.surface === b.surface &&
    (a.segment === undefined ||
      b.segment === undefined ||
      a.segment === b.segment)
  );
}
