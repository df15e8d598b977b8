import { SIGNAL_NAMES, type SignalName } from "@recsys/contracts";
import { expect, test } from "vitest";
import { DEFAULT_PARAMETERS, SIGNALS } from "./index.ts";
import type { Signal } from "./signal.ts";
import { describeSignal } from "./signal.contract.ts";

function run<N extends SignalName>(signal: Signal<N>): void {
  describeSignal(signal);
}

run(SIGNALS.popularity);
run(SIGNALS.trending);
run(SIGNALS["co-visits"]);
run(SIGNALS["bought-together"]);
run(SIGNALS["item-knn"]);
run(SIGNALS.content);
run(SIGNALS.ials);

test("every signal of the contracts is registered under its own name", () => {
  for (const name of SIGNAL_NAMES) expect(SIGNALS[name].name).toBe(name);
  expect(Object.keys(SIGNALS).sort()).toEqual([...SIGNAL_NAMES].sort());
});

test("every parameter has a unit, a description and a default within its range", () => {
  for (const name of SIGNAL_NAMES) {
    for (const [parameter, definition] of Object.entries(
      DEFAULT_PARAMETERS[name],
    )) {
      expect(parameter).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(definition.unit).not.toBe("");
      expect(definition.description.length).toBeGreaterThan(10);
      expect(definition.default).toBeGreaterThanOrEqual(definition.minimum);
      expect(definition.default).toBeLessThanOrEqual(definition.maximum);
    }
  }
});
