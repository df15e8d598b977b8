import { expect, test } from "vitest";
import type { Conversion, ConversionOptions, SourceRecord } from "../record.ts";
import { onlineRetail } from "./online-retail.ts";

const OPTIONS: ConversionOptions = {
  timeOffsetDays: 0,
  fileHash: "f",
  mapping: {},
  ignore: [],
  constants: {},
};

const LINE = {
  invoice_no: "536365",
  stock_code: "85123A",
  quantity: "6",
  invoice_time: "2010-12-01T08:26:00",
  unit_price: "2.55",
  customer_id: "17850",
  country: "United Kingdom",
};

function record(values: Readonly<Record<string, unknown>>): SourceRecord {
  return { line: 2, raw: "", values };
}

function convert(
  table: "transactions" | "items",
  changes: Readonly<Record<string, string>>,
  options = OPTIONS,
): Conversion {
  const found = onlineRetail.tables.find((t) => t.name === table);
  if (found === undefined) throw new Error(table);
  const values = table === "items" ? ITEM : LINE;
  return found.open(options)(record({ ...values, ...changes }));
}

const ITEM = {
  stock_code: "10002",
  description: "INFLATABLE POLITICAL GLOBE",
  median_unit_price: "0.85",
  n_purchase_lines: "71",
  first_seen: "2010-12-01T08:45:00",
  last_seen: "2011-04-28T15:05:00",
};

function codeOf(conversion: Conversion): string {
  return conversion.kind === "rows"
    ? "rows"
    : `${conversion.kind} ${conversion.problem.code}`;
}

function eventOf(conversion: Conversion) {
  if (conversion.kind !== "rows") throw new Error(conversion.problem.code);
  const row = conversion.rows.find((r) => r.entity === "event");
  if (row?.entity !== "event") throw new Error("no event");
  return row.input;
}

test("a line of a customer is a purchase in an order, read as UTC, in its country", () => {
  const conversion = convert("transactions", {});
  expect(eventOf(conversion)).toMatchObject({
    user_id: "17850",
    type: "purchase",
    item_id: "85123A",
    quantity: 6,
    price: 2.55,
    currency: "GBP",
    order_id: "536365",
    ts: "2010-12-01T08:26:00.000Z",
    context: { country: "United Kingdom" },
  });
});

test("a guest is a session named by the invoice and no user", () => {
  const event = eventOf(convert("transactions", { customer_id: "" }));
  expect(event.session_id).toBe("536365");
  expect(event.user_id).toBeUndefined();
});

test("the first line of a customer brings the user with the country, later ones do not", () => {
  const open = onlineRetail.tables[0]?.open(OPTIONS);
  const first = open?.(record(LINE));
  const second = open?.(record({ ...LINE, stock_code: "71053" }));
  expect(first).toMatchObject({
    rows: [
      {
        entity: "user",
        input: { user_id: "17850", traits: { country: "United Kingdom" } },
      },
      { entity: "event" },
    ],
  });
  expect(second).toMatchObject({ rows: [{ entity: "event" }] });
});

test("lines equal in every field have one event id, a difference anywhere makes another", () => {
  const id = eventOf(convert("transactions", {})).event_id;
  expect(eventOf(convert("transactions", {})).event_id).toBe(id);
  for (const change of [
    { quantity: "7" },
    { invoice_time: "2010-12-01T08:27:00" },
    { unit_price: "2.56" },
    { country: "France" },
  ]) {
    expect(eventOf(convert("transactions", change)).event_id).not.toBe(id);
  }
});

test("a cancelled invoice is dropped, not rejected", () => {
  expect(
    codeOf(convert("transactions", { invoice_no: "C536379", quantity: "-1" })),
  ).toBe("dropped cancellation");
});

test.each([
  "POST",
  "D",
  "M",
  "m",
  "C2",
  "DOT",
  "BANK CHARGES",
  "CRUK",
  "PADS",
  "S",
  "AMAZONFEE",
  "gift_0001_20",
  "GIRLS",
])("%s is not goods", (code) => {
  expect(codeOf(convert("transactions", { stock_code: code }))).toBe(
    "dropped non_goods",
  );
  expect(codeOf(convert("items", { stock_code: code }))).toBe(
    "dropped non_goods",
  );
});

test.each(["10002", "85123A", "15056bl", "DCGS0003", "DCGSSGIRL"])(
  "%s is goods",
  (code) => {
    expect(codeOf(convert("transactions", { stock_code: code }))).toBe("rows");
  },
);

test.each([
  [{ quantity: "-10" }, "rejected stock_correction"],
  [{ quantity: "0" }, "rejected stock_correction"],
  [{ unit_price: "0" }, "rejected no_price"],
  [{ unit_price: "-11062.06" }, "rejected no_price"],
  [{ quantity: "six" }, "rejected type"],
  [{ unit_price: "" }, "rejected type"],
  [{ invoice_time: "yesterday" }, "rejected format"],
  [{ invoice_no: "" }, "rejected required"],
  [{ stock_code: " " }, "rejected required"],
])("a line with %o is %s", (change, expected) => {
  expect(
    codeOf(convert("transactions", change as Record<string, string>)),
  ).toBe(expected);
});

test("an item without description is kept without title, one without price without price", () => {
  expect(
    convert("items", { description: "", median_unit_price: "0.00" }),
  ).toEqual({
    kind: "rows",
    rows: [
      {
        entity: "item",
        input: { item_id: "10002", created_at: "2010-12-01T08:45:00.000Z" },
      },
    ],
  });
});

test("every time moves by the offset, so weekday and time of day stay", () => {
  const options = { ...OPTIONS, timeOffsetDays: 7 };
  expect(eventOf(convert("transactions", {}, options)).ts).toBe(
    "2010-12-08T08:26:00.000Z",
  );
  expect(convert("items", {}, options)).toMatchObject({
    rows: [{ input: { created_at: "2010-12-08T08:45:00.000Z" } }],
  });
});
