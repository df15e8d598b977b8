import { expect, test } from "vitest";
import type { Conversion, ConversionOptions } from "../record.ts";
import { completeJourney } from "./complete-journey.ts";

const OPTIONS: ConversionOptions = {
  timeOffsetDays: 7,
  fileHash: "f",
  mapping: {},
  ignore: [],
  constants: {},
};

const LINE = {
  household_id: "906",
  store_id: "319",
  basket_id: "31198705046",
  product_id: "1075313",
  quantity: "2",
  sales_value: "3.00",
  time: "2017-01-01T07:30:27",
};

const PRODUCT = {
  product_id: "28897",
  manufacturer_id: "69",
  department: "DRUG GM",
  brand: "Private",
  product_category: "EGGS",
  product_type: "EGGS - X-LARGE",
  package_size: "A D   1 DZ",
  median_unit_price: "1.09",
  first_sold: "2017-02-01T22:39:18",
};

function opened(name: string) {
  const table = completeJourney.tables.find((each) => each.name === name);
  if (table === undefined) throw new Error(name);
  const convert = table.open(OPTIONS);
  return (values: Readonly<Record<string, string>>): Conversion =>
    convert({ line: 2, raw: "", values });
}

function codeOf(conversion: Conversion): string {
  return conversion.kind === "rows"
    ? "rows"
    : `${conversion.kind} ${conversion.problem.code}`;
}

test("a line is a purchase of a household, at the price of one, moved by the offset", () => {
  expect(opened("transactions")(LINE)).toEqual({
    kind: "rows",
    rows: [
      {
        entity: "event",
        input: {
          event_id: "cj-31198705046-1075313",
          user_id: "906",
          type: "purchase",
          item_id: "1075313",
          quantity: 2,
          price: 1.5,
          currency: "USD",
          order_id: "31198705046",
          ts: "2017-01-08T07:30:27.000Z",
        },
      },
    ],
  });
});

test("two lines of a product in one basket are two events", () => {
  const convert = opened("transactions");
  const ids = [convert(LINE), convert(LINE)].map((conversion) =>
    conversion.kind === "rows" && conversion.rows[0]?.entity === "event"
      ? conversion.rows[0].input.event_id
      : undefined,
  );
  expect(ids).toEqual(["cj-31198705046-1075313", "cj-31198705046-1075313-2"]);
});

test.each([
  [{ quantity: "0" }, "dropped not_sold"],
  [{ sales_value: "0" }, "dropped not_sold"],
  [{ quantity: "two" }, "rejected type"],
  [{ quantity: "" }, "rejected type"],
  [{ sales_value: "" }, "rejected type"],
  [{ time: "new year" }, "rejected format"],
  [{ household_id: " " }, "rejected required"],
  [{ product_id: "" }, "rejected required"],
])("a line with %o is %s", (change, expected) => {
  expect(codeOf(opened("transactions")({ ...LINE, ...change }))).toBe(expected);
});

test("a product gets a readable title, its path, its maker and a margin that stays", () => {
  const item = opened("products")(PRODUCT);
  expect(item).toMatchObject({
    rows: [
      {
        input: {
          item_id: "28897",
          title: "Eggs - x-large, a d 1 dz",
          category: ["DRUG GM", "EGGS", "EGGS - X-LARGE"],
          tags: ["own-brand", "drug-gm"],
          brand: "Maker 69",
          provider_id: "69",
          price: 1.09,
          currency: "USD",
          attributes: { package_size: "A D 1 DZ" },
          created_at: "2017-02-08T22:39:18.000Z",
        },
      },
    ],
  });
  expect(opened("products")(PRODUCT)).toEqual(item);
});

test("margins lie between 5 and 55 % of the price, and own brands earn more", () => {
  const marginOf = (product_id: string, brand: string) => {
    const made = opened("products")({ ...PRODUCT, product_id, brand });
    if (made.kind !== "rows" || made.rows[0]?.entity !== "item") return NaN;
    return made.rows[0].input.margin ?? NaN;
  };
  for (let id = 0; id < 200; id++) {
    const own = marginOf(String(id), "Private");
    const national = marginOf(String(id), "National");
    expect(own).toBeLessThanOrEqual(0.55);
    expect(national).toBeGreaterThanOrEqual(0.05);
    expect(own - national).toBeCloseTo(0.1, 10);
  }
});

test("what is not known of a household or product is left out", () => {
  expect(
    opened("households")({
      household_id: "1",
      age: "65+",
      income: "35-49K",
      home_ownership: "",
      household_comp: "2 Adults No Kids",
      kids_count: "0",
    }),
  ).toEqual({
    kind: "rows",
    rows: [
      {
        entity: "user",
        input: {
          user_id: "1",
          traits: {
            age_band: "65+",
            income_band: "35-49K",
            household_kind: "2 Adults No Kids",
            kids: "0",
          },
        },
      },
    ],
  });
  const bare = opened("products")({
    product_id: "1",
    manufacturer_id: "",
    department: "SPIRITS",
    brand: "National",
    product_category: "",
    product_type: "",
    package_size: "",
    median_unit_price: "",
    first_sold: "",
  });
  expect(bare).toMatchObject({
    rows: [{ input: { title: "Spirits", category: ["SPIRITS"] } }],
  });
  expect(bare).not.toHaveProperty("rows.0.input.price");
  expect(bare).not.toHaveProperty("rows.0.input.brand");
});
