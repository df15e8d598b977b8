import type { ConfigDocument, RuleSet } from "@recsys/contracts";
import { brokenLabel, indexDecided, thresholdsFor } from "@recsys/ranking";
import {
  countServed,
  servedWithLabels,
  versionContent,
  type ServedItem,
  type TenantTx,
} from "@recsys/store";
import { DEFAULTS, versionNumber } from "../serving/snapshot-documents.ts";

export interface Violations {
  /** Places of all lists of the span. */
  readonly served: number;
  readonly violations: number;
  readonly byLabel: Readonly<Record<string, number>>;
  readonly bySurface: Readonly<Record<string, number>>;
}

/**
 * How many places of lists were taken by items that the policy kept out at
 * that time: by the scores of the catalogue, the labels among the rules and
 * the thresholds of the configuration that each list was made under. Asks the
 * records, not the filter that should have seen to it.
 */
export async function countViolations(
  tx: TenantTx,
  namespace: string,
  span: { readonly from: number; readonly to: number },
): Promise<Violations> {
  const served = await countServed(tx, namespace, span);
  const policies = await policiesOf(tx, namespace, served);
  const byLabel: Record<string, number> = {};
  const bySurface: Record<string, number> = {};
  let violations = 0;
  for (const ageTrait of policies.ageTraits) {
    const places = await servedWithLabels(tx, namespace, {
      ...span,
      itemIds: policies.itemIds,
      ageTrait,
    });
    for (const place of places) {
      const label = policies.broken(place, ageTrait);
      if (label === null) continue;
      violations += 1;
      byLabel[label] = (byLabel[label] ?? 0) + 1;
      bySurface[place.surface] = (bySurface[place.surface] ?? 0) + 1;
    }
  }
  const places = served.reduce((sum, each) => sum + each.places, 0);
  return { served: places, violations, byLabel, bySurface };
}

interface Policies {
  readonly ageTraits: ReadonlySet<string | null>;
  /** Items with a label that was decided. */
  readonly itemIds: readonly string[];
  /** The label that kept the item out, under a configuration with this age trait. */
  broken(place: ServedItem, ageTrait: string | null): string | null;
}

async function policiesOf(
  tx: TenantTx,
  namespace: string,
  served: readonly {
    readonly configVersion: string;
    readonly rulesVersion: string;
  }[],
): Promise<Policies> {
  const configs = new Map<string, ConfigDocument>();
  const sets = new Map<string, RuleSet>();
  for (const { configVersion, rulesVersion } of served) {
    const { config, rules } = DEFAULTS;
    const at = { tx, namespace };
    configs.set(
      configVersion,
      await contentOf(at, {
        pointer: "config",
        name: configVersion,
        otherwise: config.content,
      }),
    );
    sets.set(
      rulesVersion,
      await contentOf(at, {
        pointer: "rules",
        name: rulesVersion,
        otherwise: rules.content,
      }),
    );
  }
  const traitOf = (config: ConfigDocument | undefined) =>
    config?.policy_labels?.age_trait ?? null;
  const decided = new Map(
    [...sets].map(([name, set]) => [name, indexDecided(set)]),
  );
  return {
    ageTraits: new Set([...configs.values()].map(traitOf)),
    itemIds: [...decided.values()].flatMap((index) => [...index.keys()]),
    broken(place, ageTrait) {
      const config = configs.get(place.configVersion);
      if (config === undefined || traitOf(config) !== ageTrait) return null;
      return brokenLabel(
        { item_id: place.itemId, labels: place.labels },
        {
          thresholds: thresholdsFor(config, {
            surface: place.surface,
            traits:
              ageTrait === null || place.age === null
                ? {}
                : { [ageTrait]: place.age },
          }),
          decided: decided.get(place.rulesVersion) ?? new Map(),
          now: place.at,
        },
      );
    },
  };
}

async function contentOf<T>(
  { tx, namespace }: { readonly tx: TenantTx; readonly namespace: string },
  version: {
    readonly pointer: "config" | "rules";
    readonly name: string;
    readonly otherwise: T;
  },
): Promise<T> {
  const { pointer, name, otherwise } = version;
  if (name === "0-default") return otherwise;
  const found = await versionContent(
    tx,
    { pointer, namespace },
    versionNumber(name),
  );
  return found === null ? otherwise : (found.content as T);
}
