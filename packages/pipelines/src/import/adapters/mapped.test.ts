import { expect, test } from "vitest";
import type { Conversion, ConversionOptions, Entity } from "../record.ts";
import { csv, jsonl } from "./mapped.ts";
import { movielens } from "./movielens.ts";

const OPTIONS: ConversionOptions = {
  timeOffsetDays: 0,
  fileHash: "f",
  mapping: {},
  ignore: [],
  constants: {},
};

function convert(
  entity: Entity,
  values: Readonly<Record<string, unknown>>,
  options: Partial<ConversionOptions> = {},
): Conversion {
  const table = csv.tables.find((t) => t.entity === entity);
  if (table === undefined) throw new Error(entity);
  return table.open({ ...OPTIONS, ...options })({ line: 2, raw: "", values });
}

test("columns are mapped, typed and left out as asked", () => {
  const conversion = convert(
    "event",
    {
      customer_id: "7",
      sku: "a",
      when: "1290000000",
      amount: "2",
      note: "x",
      paid: "",
    },
    {
      mapping: {
        customer_id: "user_id",
        sku: "item_id",
        when: "ts",
        amount: "quantity",
        paid: "price",
      },
      ignore: ["note"],
      constants: { type: "purchase" },
    },
  );
  expect(conversion).toMatchObject({
    rows: [
      {
        input: {
          user_id: "7",
          item_id: "a",
          type: "purchase",
          quantity: 2,
          ts: "2010-11-17T13:20:00.000Z",
        },
      },
    ],
  });
  expect(conversion).not.toHaveProperty("rows.0.input.price");
});

test("lists split at |, keys of attributes take the kind they are given", () => {
  const values = {
    item_id: "a",
    tags: "red| big ",
    "attributes.year:number": "1999",
    "attributes.colour": "red",
  };
  expect(convert("item", values)).toEqual({
    kind: "rows",
    rows: [
      {
        entity: "item",
        input: {
          item_id: "a",
          tags: ["red", "big"],
          attributes: { year: 1999, colour: "red" },
        },
      },
    ],
  });
});

test("a value that does not fit names the column of the file", () => {
  expect(
    convert(
      "item",
      { item_id: "a", cost: "cheap" },
      { mapping: { cost: "price" } },
    ),
  ).toEqual({
    kind: "rejected",
    problem: { code: "type", path: "/cost", message: "is not a number" },
  });
});

test("a column that is no field stops the import and says how to go on", () => {
  expect(() => convert("item", { item_id: "a", colour: "red" })).toThrow(
    "--map colour=<field>",
  );
});

test("events without an id get one from file and line, the same every time", () => {
  const table = jsonl.tables.find((t) => t.entity === "event");
  const values = {
    user_id: "u",
    type: "view",
    item_id: "a",
    ts: "2026-01-01T00:00:00Z",
  };
  const idAt = (line: number, fileHash: string) => {
    const conversion = table?.open({ ...OPTIONS, fileHash })({
      line,
      raw: "",
      values,
    });
    return conversion?.kind === "rows" && conversion.rows[0]?.entity === "event"
      ? conversion.rows[0].input.event_id
      : undefined;
  };
  expect(idAt(2, "f")).toBe(idAt(2, "f"));
  expect(new Set([idAt(2, "f"), idAt(3, "f"), idAt(2, "g")]).size).toBe(3);
});

test("MovieLens: stars are the value of a rating, genres are tags, unknown is no genre", () => {
  const [ratings, movies, users] = movielens.tables;
  const read = (
    table: typeof ratings,
    values: Readonly<Record<string, unknown>>,
  ) => table?.open(OPTIONS)({ line: 1, raw: "", values });
  expect(
    read(ratings, {
      user_id: "259",
      item_id: "255",
      rating: "4",
      timestamp: "874724710",
    }),
  ).toEqual({
    kind: "rows",
    rows: [
      {
        entity: "event",
        input: {
          event_id: "ml-259-255",
          user_id: "259",
          type: "rating",
          item_id: "255",
          value: 4,
          ts: "1997-09-20T03:05:10.000Z",
        },
      },
    ],
  });
  expect(
    read(movies, {
      item_id: 267,
      title: "unknown",
      genres: ["unknown", "Drama"],
    }),
  ).toEqual({
    kind: "rows",
    rows: [{ entity: "item", input: { item_id: "267", tags: ["Drama"] } }],
  });
  expect(
    read(users, {
      user_id: "1",
      age: "24",
      gender: "M",
      occupation: "technician",
      zip_code: "85711",
    }),
  ).toMatchObject({
    rows: [{ input: { user_id: "1", traits: { age: 24, gender: "M" } } }],
  });
  expect(
    read(ratings, { user_id: "1", item_id: "2", rating: "6", timestamp: "1" }),
  ).toMatchObject({ problem: { code: "range" } });
});
