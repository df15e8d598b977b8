import { encodeArtifact, MINUTE_MS, type SignalName } from "@recsys/contracts";
import { plainKernels } from "@recsys/kernels";
import { createInteractions, SIGNALS } from "@recsys/learning";
import { pointer, proposeChange } from "@recsys/store";
import type { Harness } from "./harness.ts";

const AS_OF = Date.UTC(2026, 1, 1);

/** Bought by whom: `[user, item]`. */
export type Purchases = readonly (readonly [string, string])[];

/** Learns two signals from purchases and makes the manifest live, as a pipeline would. */
export async function publish(
  harness: Harness,
  purchases: Purchases,
): Promise<{ readonly version: number; readonly hashes: string[] }> {
  const interactions = createInteractions({
    user: purchases.map(([user]) => user),
    item: purchases.map(([, item]) => item),
    weight: purchases.map(() => 1),
    ts: purchases.map((_, i) => AS_OF - i * MINUTE_MS),
  });
  const context = { asOf: AS_OF, kernels: plainKernels };
  const origin = {
    as_of: AS_OF,
    window: { from: 0, to: AS_OF },
    sources: [],
    code_version: "test",
  };
  const artifacts: Record<string, { hash: string; bytes: number }> = {};
  for (const name of ["popularity", "item-knn"] as const) {
    const bytes = encodeArtifact(
      SIGNALS[name].pack(
        SIGNALS[name].compute(interactions, {}, context) as never,
        origin,
      ),
    );
    artifacts[name] = {
      hash: await harness.objects.put(bytes),
      bytes: bytes.length,
    };
  }
  const version = await publishArtifacts(harness, artifacts);
  return { version, hashes: Object.values(artifacts).map((one) => one.hash) };
}

/** Makes a manifest of these artifacts live. */
async function publishArtifacts(
  { store }: Harness,
  artifacts: Readonly<
    Partial<Record<SignalName, { hash: string; bytes: number }>>
  >,
): Promise<number> {
  const made = await store.inTenant("demo", async (tx) => {
    const live = await pointer(tx, "default", "manifest");
    return proposeChange(tx, {
      tenant: "demo",
      namespace: "default",
      pointer: "manifest",
      content: {
        schema_version: 1,
        tenant: "demo",
        namespace: "default",
        as_of: AS_OF,
        parent: null,
        artifacts,
        evaluation: null,
        recipe: {
          jobs: [],
          parameters_hash: String(live?.version ?? 0),
          code_version: "test",
        },
      },
      baseVersion: live?.version ?? null,
      author: "test",
      authorKind: "service",
      reason: "a test publishes",
    });
  });
  return made.pointer.version;
}

/** Waits until a condition holds; for effects that arrive by notification. */
export async function eventually(
  holds: () => Promise<boolean>,
  withinMs = 5000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`did not hold within ${withinMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
