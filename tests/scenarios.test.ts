import { afterAll, beforeAll, expect, test } from "vitest";
import { openGrocer, type Grocer } from "./scenarios/grocer.ts";
import { SCENARIOS } from "./scenarios/index.ts";

let grocer: Grocer;

beforeAll(async () => {
  grocer = await openGrocer();
}, 600_000);

afterAll(async () => {
  await grocer.close();
}, 60_000);

test.each(SCENARIOS.map((each) => [each.id, each.title, each] as const))(
  "%s: %s",
  async (_id, _title, scenario) => {
    const { checks, figures } = await scenario.run(grocer);
    console.log(`${scenario.id} ${JSON.stringify(figures)}`);
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  },
  180_000,
);
