import { SIGNAL_NAMES } from "@recsys/contracts";
import { expect, test } from "vitest";
import { SIGNALS } from "./index.ts";
import { describeSignal } from "./signal.contract.ts";

SIGNAL_NAMES.forEach((name) => {
  describeSignal(SIGNALS[name]);
});

test("every signal of the contracts is registered under its own name, in their order", () => {
  for (const name of SIGNAL_NAMES) expect(SIGNALS[name].name).toBe(name);
  expect(Object.keys(SIGNALS)).toEqual([...SIGNAL_NAMES]);
});

test("every parameter has a unit, a description and a default within its range", () => {
  for (const name of SIGNAL_NAMES) {
    for (const [parameter, definition] of Object.entries(
      SIGNALS[name].parameters,
    )) {
      expect(parameter).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(definition.unit).not.toBe("");
      expect(definition.description.length).toBeGreaterThan(10);
      expect(definition.default).toBeGreaterThanOrEqual(definition.minimum);
      expect(definition.default).toBeLessThanOrEqual(definition.maximum);
    }
  }
});
