import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SIGNAL_NAMES } from "@recsys/contracts";
import { afterEach, expect, test } from "vitest";
import { runTool } from "./support/product.ts";
import { items, openPlace, SHOP } from "./support/shop.ts";
import { twoCampPurchases } from "./support/two-camps.ts";

const AS_OF = "2024-06-30T12:00:00Z";

const leftovers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const remove of leftovers.splice(0).reverse()) await remove();
});

test("the same files make byte-identical artifacts in two fresh homes, whatever the order of their rows", async () => {
  const purchases = twoCampPurchases(Date.parse(AS_OF));
  const [one, other] = await Promise.all([
    trained(purchases),
    trained([...purchases].reverse()),
  ]);
  expect(Object.keys(one.artifacts)).toHaveLength(SIGNAL_NAMES.length);
  expect(other.artifacts).toEqual(one.artifacts);
}, 180_000);

interface Manifest {
  readonly artifacts: Readonly<Record<string, unknown>>;
}

/** Imports and trains as a person would, with everything fresh. */
async function trained(purchases: readonly object[]): Promise<Manifest> {
  const { home, environment, remove } = await openPlace();
  leftovers.push(remove);
  const run = async (...args: string[]) => {
    const end = await runTool([...args, "--tenant", SHOP], environment);
    expect(end.code, end.stderr + end.stdout).toBe(0);
    return end.stdout;
  };
  const load = async (type: string, rows: readonly object[]) => {
    const file = join(home, `${type}.jsonl`);
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
    await run("import", file, "--adapter", "jsonl", "--type", type);
  };
  await load("items", items(40));
  await load("events", purchases);
  await run("pipelines", "run", "--as-of", AS_OF);
  const shown = await run("manifest", "show", "live", "--json");
  return JSON.parse(shown) as Manifest;
}
