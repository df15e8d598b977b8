import {
  canonicalJson,
  hashHex,
  type AppliedPolicies,
  type AppliedPolicy,
  type ConfigDocument,
  type KnobValues,
  type SlatePolicy,
  type UtilityPolicy,
} from "@recsys/contracts";

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

/** The slate policy of a surface. */
export function slatePolicyOf(
  config: ConfigDocument,
  surface: string,
): SlatePolicy | undefined {
  return policiesOf(config, surface).slate;
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
