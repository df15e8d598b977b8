import type {
  ConfigDocument,
  FieldError,
  Floor,
  KnobValues,
  UtilityPolicy,
} from "@recsys/contracts";
import {
  createExpressions,
  expressionErrors,
  type Expressions,
} from "./expressions.ts";
import { foreignName } from "./floors/member.ts";
import { checkKnobs } from "./knobs.ts";
import { SLATE_GROUPS } from "./policies.ts";
import { TERMS } from "./terms/index.ts";

/** Everything that is wrong with the policies of a configuration, and with the names by which surfaces call them. */
export function policyErrors(config: ConfigDocument): FieldError[] {
  const { utility_policies = {}, slate_policies = {}, surfaces } = config;
  return [
    ...Object.entries(utility_policies).flatMap(([name, { terms }]) =>
      termErrors(terms, `/utility_policies/${name}/terms`),
    ),
    ...Object.entries(slate_policies).flatMap(([name, policy]) => [
      ...slateKnobErrors(policy.knobs, `/slate_policies/${name}/knobs`),
      ...floorErrors(policy.floors ?? [], {
        path: `/slate_policies/${name}/floors`,
        expressions: createExpressions(config.schema),
      }),
    ]),
    ...Object.entries(surfaces).flatMap(([name, surface]) => [
      ...nameErrors(surface.utility_policy, {
        among: utility_policies,
        path: `/surfaces/${name}/utility_policy`,
      }),
      ...nameErrors(surface.slate_policy, {
        among: slate_policies,
        path: `/surfaces/${name}/slate_policy`,
      }),
    ]),
  ];
}

function termErrors(terms: UtilityPolicy["terms"], path: string): FieldError[] {
  return Object.keys(terms)
    .filter((name) => !TERMS.some((term) => term.name === name))
    .map((name) => ({
      path: `${path}/${name}`,
      code: "unknown_term",
      message: `there is no term ${name}`,
    }));
}

function slateKnobErrors(knobs: KnobValues, path: string): FieldError[] {
  const foreign = Object.keys(knobs).filter(
    (name) => !SLATE_GROUPS.includes(name.split(".")[0] ?? ""),
  );
  return [
    ...checkKnobs(knobs, path),
    ...foreign.map((name) => ({
      path: `${path}/${name}`,
      code: "not_of_slate",
      message: `a slate policy sets knobs of ${SLATE_GROUPS.join(", ")} only`,
    })),
  ];
}

function floorErrors(
  floors: readonly Floor[],
  about: { readonly path: string; readonly expressions: Expressions },
): FieldError[] {
  const names = floors.map(({ name }) => name);
  const ofProviders = floors.filter((floor) => floor.provider_id !== undefined);
  const sum = ofProviders.reduce((total, each) => total + each.min_share, 0);
  const errors = floors.flatMap((floor, i) => {
    const path = `${about.path}/${i}`;
    const isRepeated = names.indexOf(floor.name) !== i;
    const message = `there is another floor ${floor.name}`;
    return [
      ...(isRepeated
        ? [{ path: `${path}/name`, code: "repeated", message }]
        : []),
      ...membersErrors(floor, { ...about, path }),
    ];
  });
  if (sum > 1 + 1e-9) {
    const message = "the floors of providers are more than the whole list";
    errors.push({ path: about.path, code: "range", message });
  }
  return errors;
}

function membersErrors(
  { provider_id, where }: Floor,
  about: { readonly path: string; readonly expressions: Expressions },
): FieldError[] {
  if ((provider_id === undefined) === (where === undefined)) {
    const message = "has either provider_id or where";
    return [{ path: about.path, code: "members", message }];
  }
  if (where === undefined) return [];
  const { expressions } = about;
  const path = `${about.path}/where`;
  const text = { text: where, use: "filter", path } as const;
  const errors = expressionErrors(expressions, text);
  const expression = expressions.find(where, "filter");
  const foreign = expression === null ? null : foreignName(expression);
  if (foreign !== null) {
    const message = `a floor asks about the item only, not about ${foreign}`;
    errors.push({ path, code: "expression", message });
  }
  return errors;
}

function nameErrors(
  name: string | undefined,
  where: { readonly among: object; readonly path: string },
): FieldError[] {
  if (name === undefined || Object.hasOwn(where.among, name)) return [];
  const message = `there is no policy ${name}`;
  return [{ path: where.path, code: "unknown_policy", message }];
}
