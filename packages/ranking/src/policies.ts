import {
  canonicalJson,
  hashHex,
  type AppliedPolicies,
  type AppliedPolicy,
  type ConfigDocument,
  type FieldError,
  type KnobValues,
  type SlatePolicy,
  type UtilityPolicy,
} from "@recsys/contracts";
import { checkKnobs } from "./knobs.ts";
import { TERMS } from "./terms/index.ts";

/** First parts of the names of knobs that a slate policy may set. */
export const SLATE_GROUPS: readonly string[] = [
  "diversity",
  "slots",
  "exploration",
  "fatigue",
  "rotation",
];

interface SurfacePolicies {
  readonly utility: UtilityPolicy | undefined;
  readonly slate: SlatePolicy | undefined;
}

/** The policies that a surface names; a name without a policy counts as none. */
function policiesOf(config: ConfigDocument, surface: string): SurfacePolicies {
  const { utility_policies = {}, slate_policies = {}, surfaces } = config;
  const { utility_policy, slate_policy } = own(surfaces, surface) ?? {};
  return {
    utility: own(utility_policies, utility_policy),
    slate: own(slate_policies, slate_policy),
  };
}

function own<T>(
  among: Readonly<Record<string, T>>,
  name: string | undefined,
): T | undefined {
  return name !== undefined && Object.hasOwn(among, name)
    ? among[name]
    : undefined;
}

/** The knobs that the policies of a surface stand for; those of the surface itself go before them. */
export function policyKnobs(
  config: ConfigDocument,
  surface: string,
): KnobValues {
  const { utility, slate } = policiesOf(config, surface);
  const weights = Object.entries(utility?.terms ?? {}).map(
    ([term, weight]) => [`${term}.weight`, weight] as const,
  );
  return { ...Object.fromEntries(weights), ...slate?.knobs };
}

/** Names and versions of the policies of a surface. */
export function appliedPolicies(
  config: ConfigDocument,
  surface: string,
): AppliedPolicies {
  const { utility, slate } = policiesOf(config, surface);
  const { utility_policy, slate_policy } = own(config.surfaces, surface) ?? {};
  return {
    utility: applied(utility_policy, utility),
    slate: applied(slate_policy, slate),
  };
}

function applied(
  name: string | undefined,
  policy: UtilityPolicy | SlatePolicy | undefined,
): AppliedPolicy | null {
  return name === undefined || policy === undefined
    ? null
    : { name, version: versionOf(policy) };
}

/** Configuration is immutable, so the hash of a policy is computed once. */
const VERSIONS = new WeakMap<object, string>();

function versionOf(policy: UtilityPolicy | SlatePolicy): string {
  const known = VERSIONS.get(policy);
  if (known !== undefined) return known;
  const version = hashHex(canonicalJson(policy));
  VERSIONS.set(policy, version);
  return version;
}

/** Everything that is wrong with the policies of a configuration, and with the names by which surfaces call them. */
export function policyErrors(config: ConfigDocument): FieldError[] {
  const { utility_policies = {}, slate_policies = {}, surfaces } = config;
  return [
    ...Object.entries(utility_policies).flatMap(([name, { terms }]) =>
      termErrors(terms, `/utility_policies/${name}/terms`),
    ),
    ...Object.entries(slate_policies).flatMap(([name, { knobs }]) =>
      slateKnobErrors(knobs, `/slate_policies/${name}/knobs`),
    ),
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

function nameErrors(
  name: string | undefined,
  where: { readonly among: object; readonly path: string },
): FieldError[] {
  if (name === undefined || Object.hasOwn(where.among, name)) return [];
  const message = `there is no policy ${name}`;
  return [{ path: where.path, code: "unknown_policy", message }];
}
