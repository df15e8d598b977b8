import { DOUBLE, VARCHAR } from "@duckdb/node-api";
import { afterEach, describe, expect, it } from "vitest";
import { openDuckDb, sqlText, type DuckDb } from "./duckdb.ts";

describe("the embedded DuckDB", () => {
  let duck: DuckDb | undefined;
  afterEach(() => {
    duck?.close();
  });

  it("reads columns into typed arrays across chunks, with nulls marked", async () => {
    duck = await openDuckDb();
    await duck.run("create table t (name varchar, amount double)");
    const writer = await duck.appender("t", [VARCHAR, DOUBLE]);
    const names = Array.from({ length: 5000 }, (_, i) =>
      i === 4999 ? null : `n${i % 3}`,
    );
    writer.write([names, names.map((name, i) => (name === null ? null : i))]);
    writer.close();
    const read = await duck.columns({
      sql: "select name, name, amount, amount::integer from t order by amount",
      kinds: {
        name: "dictionary",
        text: "text",
        amount: "double",
        whole: "int",
      },
    });
    expect(read.rowCount).toBe(5000);
    expect(read.name.values).toEqual(["n0", "n1", "n2"]);
    expect([...read.name.codes.slice(0, 4)]).toEqual([0, 1, 2, 0]);
    expect(read.text[4]).toBe("n1");
    expect(read.amount[4998]).toBe(4998);
    expect(read.amount[4999]).toBeNaN();
    expect(read.whole[4999]).toBe(-1);
    expect(read.name.codes[4999]).toBe(-1);
  });

  it("writes text as a literal that cannot end early", async () => {
    duck = await openDuckDb();
    expect(await duck.rows(`select ${sqlText("it's")} as word`)).toEqual([
      { word: "it's" },
    ]);
  });
});
