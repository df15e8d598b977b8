/** A tunable of a learner: what it is, what it may be, what it is unless said otherwise. */
export interface ParameterDefinition {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly integer?: boolean;
  readonly unit: string;
  readonly description: string;
}
export type ParameterDefinitions = Readonly<
  Record<string, ParameterDefinition>
>;

/** All parameters of a learner with a value each. */
export type ParametersOf<D extends ParameterDefinitions> = {
  readonly [K in keyof D]: number;
};

/** The defaults with `overrides` on top. Throws an Error that lists every unknown name and value out of range. */
export function resolveParameters<D extends ParameterDefinitions>(
  definitions: D,
  overrides: Readonly<Record<string, number>>,
): ParametersOf<D> {
  const faults: string[] = [];
  for (const [name, value] of Object.entries(overrides)) {
    const definition = definitions[name];
    if (definition === undefined) {
      const known = Object.keys(definitions).join(", ");
      faults.push(`${name} is not a parameter (there are: ${known})`);
    } else if (!isWithin(definition, value)) {
      const { minimum, maximum, integer } = definition;
      const what = integer === true ? "a whole number" : "a number";
      faults.push(
        `${name} is ${value}, must be ${what} from ${minimum} to ${maximum}`,
      );
    }
  }
  if (faults.length > 0) throw new Error(faults.join("; "));
  const defaults = Object.entries(definitions).map(
    ([name, definition]) => [name, definition.default] as const,
  );
  return { ...Object.fromEntries(defaults), ...overrides } as ParametersOf<D>;
}

function isWithin(definition: ParameterDefinition, value: number): boolean {
  return (
    value >= definition.minimum &&
    value <= definition.maximum &&
    (definition.integer !== true || Number.isInteger(value))
  );
}
