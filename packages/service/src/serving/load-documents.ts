import {
  messageOf,
  TENANT_LAYER,
  type ConfigDocument,
  type FallbackLists,
  type PointerState,
  type RuleSet,
} from "@recsys/contracts";
import { isUnreachable } from "../http/problem.ts";
import {
  DEFAULTS,
  requireReadable,
  type Versioned,
} from "./snapshot-documents.ts";
import type { LiveVersions, SnapshotSource } from "./snapshot-source.ts";

/** Something that was refused while the last good version serves on. */
export interface SnapshotAlert {
  readonly part: "config" | "rules" | "fallbacks" | "manifest";
  readonly version: string;
  readonly reason: string;
  /** Unix milliseconds of the first refusal. */
  readonly since: number;
  /** Unix milliseconds of the last try. */
  readonly triedAt: number;
}

/** The parts of a snapshot that are documents. */
export interface Documents {
  readonly config: Versioned<ConfigDocument>;
  readonly tenantConfig: Versioned<ConfigDocument>;
  readonly rules: Versioned<RuleSet>;
  readonly fallbacks: Versioned<FallbackLists>;
}

/** Where documents come from and what was refused so far. */
export interface DocumentFacts {
  readonly source: SnapshotSource;
  readonly tenant: string;
  readonly namespace: string;
  readonly before: Documents | null;
  readonly now: number;
  readonly alerts: SnapshotAlert[];
}

/** The live documents; one that this release cannot read keeps its last good version. */
export async function loadDocuments(
  facts: DocumentFacts,
  live: LiveVersions,
): Promise<Documents> {
  const { before, namespace } = facts;
  const { config, rules, fallbacks } = live.pointers;
  return {
    config: await loadDocument<ConfigDocument>(facts, {
      pointer: "config",
      namespace,
      state: config,
      before: before?.config ?? DEFAULTS.config,
    }),
    tenantConfig: await loadDocument<ConfigDocument>(facts, {
      pointer: "config",
      namespace: TENANT_LAYER,
      state: live.tenantConfig,
      before: before?.tenantConfig ?? DEFAULTS.config,
    }),
    rules: await loadDocument<RuleSet>(facts, {
      pointer: "rules",
      namespace,
      state: rules,
      before: before?.rules ?? DEFAULTS.rules,
    }),
    fallbacks: await loadDocument<FallbackLists>(facts, {
      pointer: "fallbacks",
      namespace,
      state: fallbacks,
      before: before?.fallbacks ?? DEFAULTS.fallbacks,
    }),
  };
}

interface Wanted<T> {
  readonly pointer: "config" | "rules" | "fallbacks";
  readonly namespace: string;
  readonly state: PointerState | null;
  readonly before: Versioned<T>;
}

async function loadDocument<T>(
  facts: DocumentFacts,
  wanted: Wanted<T>,
): Promise<Versioned<T>> {
  const { pointer, namespace, state, before } = wanted;
  if (state === null || state.version === before.state?.version) return before;
  try {
    const content = await facts.source.content(facts.tenant, namespace, {
      pointer,
      version: state.version,
    });
    requireReadable(pointer, content);
    return { state, content: content as T };
  } catch (error) {
    if (isUnreachable(error)) throw error;
    facts.alerts.push({
      part: pointer,
      version: String(state.version),
      reason: messageOf(error),
      since: facts.now,
      triedAt: facts.now,
    });
    return before;
  }
}
