import { hash } from "node:crypto";
import type { EventInput, ItemInput } from "@recsys/contracts";
import {
  dropped,
  rejected,
  type Adapter,
  type Conversion,
  type ConversionOptions,
  type ImportRow,
  type SourceRecord,
  type Table,
} from "../record.ts";
import { parseTime, shifted } from "../times.ts";

/** Postage, discounts, fees, samples and corrections that the set books like goods. */
const NON_GOODS: ReadonlySet<string> = new Set([
  "POST",
  "D",
  "M",
  "C2",
  "DOT",
  "BANK CHARGES",
  "CRUK",
  "PADS",
  "S",
  "AMAZONFEE",
]);

/** Goods have five digits and at most two letters, or are of the series DCGS. */
const GOODS_SHAPE = /^(\d{5}[A-Z]{0,2}|DCGS[A-Z0-9]+)$/;

const transactions: Table = {
  name: "transactions",
  entity: "event",
  columns: [
    "invoice_no",
    "stock_code",
    "quantity",
    "invoice_time",
    "unit_price",
    "customer_id",
    "country",
  ],
  timeColumn: () => "invoice_time",
  open: (options) => {
    const seen: Seen = {
      customers: new Set(),
      timeOf: readTimes(options.timeOffsetDays),
    };
    return (record) => toPurchase(record, seen);
  },
};

const items: Table = {
  name: "items",
  entity: "item",
  columns: ["stock_code", "description", "median_unit_price", "first_seen"],
  open: (options) => (record) => toItem(record, options),
};

/** Online Retail (Chen 2015): lines of invoices of a gift wholesaler. See docs/data/online-retail.md. */
export const onlineRetail: Adapter = {
  name: "online-retail",
  description: "Online Retail (UCI): transactions.csv and items.csv",
  files: [
    "items.csv.gz",
    "transactions.csv.gz",
    "items.csv",
    "transactions.csv",
  ],
  tables: [transactions, items],
  schema: {
    attributes: {},
    traits: {
      country: { type: "string", description: "Country of the first invoice." },
    },
    context: {
      country: { type: "string", description: "Country of the invoice." },
    },
  },
};

/** What a conversion remembers of the lines before. */
interface Seen {
  readonly customers: Set<string>;
  /** The time of an event, moved; undefined when the text is no time. */
  readonly timeOf: (text: string) => string | undefined;
}

/** The lines of an invoice follow each other and share their time. */
function readTimes(offsetDays: number): Seen["timeOf"] {
  let last: { readonly text: string; readonly ts: string | undefined } = {
    text: "",
    ts: undefined,
  };
  return (text) => {
    if (text === last.text) return last.ts;
    const ms = parseTime(text);
    last = { text, ts: ms === undefined ? undefined : shifted(ms, offsetDays) };
    return last.ts;
  };
}

/** One invoice line as a purchase, or why it is none. The order of the checks decides the code. */
function toPurchase(record: SourceRecord, seen: Seen): Conversion {
  const line = lineOf(record);
  const excluded = incomplete(line) ?? notASale(line);
  if (excluded !== undefined) return excluded;
  const ts = seen.timeOf(line.time);
  if (ts === undefined) {
    return rejected(
      "format",
      "/invoice_time",
      "is not a time such as 2010-12-01T08:26:00",
    );
  }
  return {
    kind: "rows",
    rows: [
      ...newCustomer(line, seen.customers),
      { entity: "event", input: purchase(line, ts) },
    ],
  };
}

interface InvoiceLine {
  readonly invoice: string;
  readonly code: string;
  readonly quantity: number;
  readonly price: number;
  readonly time: string;
  readonly customer: string;
  readonly country: string;
  readonly fields: readonly string[];
}

function lineOf(record: SourceRecord): InvoiceLine {
  const field = (name: string) => textOf(record.values[name]).trim();
  return {
    invoice: field("invoice_no"),
    code: field("stock_code"),
    quantity: numberOf(field("quantity")),
    price: numberOf(field("unit_price")),
    time: field("invoice_time"),
    customer: field("customer_id"),
    country: field("country"),
    fields: transactions.columns.map(field),
  };
}

/** A line that repeats another in every field is the same event, so that the store keeps one. */
function eventId(fields: readonly string[]): string {
  const digest = hash("sha256", fields.join("\u001f"), "base64url");
  return `or-${digest.slice(0, 22)}`;
}

function incomplete(line: InvoiceLine): Conversion | undefined {
  if (line.invoice === "") {
    return rejected("required", "/invoice_no", "is missing");
  }
  if (line.code === "")
    return rejected("required", "/stock_code", "is missing");
  return undefined;
}

function notASale(line: InvoiceLine): Conversion | undefined {
  if (Number.isNaN(line.quantity))
    return rejected("type", "/quantity", "is not a number");
  if (Number.isNaN(line.price))
    return rejected("type", "/unit_price", "is not a number");
  if (/^C/i.test(line.invoice)) {
    return dropped(
      "cancellation",
      "/invoice_no",
      "A cancelled line is no purchase.",
    );
  }
  if (!isGoods(line.code)) {
    return dropped(
      "non_goods",
      "/stock_code",
      "Postage, fees and vouchers are not goods.",
    );
  }
  if (line.quantity <= 0) {
    return rejected(
      "stock_correction",
      "/quantity",
      "Nothing was sold: a correction of the stock.",
    );
  }
  if (line.price <= 0) {
    return rejected(
      "no_price",
      "/unit_price",
      "A line without a price is no sale.",
    );
  }
  return undefined;
}

function purchase(line: InvoiceLine, ts: string): EventInput {
  // A guest is known for the length of one invoice only.
  const who =
    line.customer === ""
      ? { session_id: line.invoice }
      : { user_id: line.customer };
  return {
    event_id: eventId(line.fields),
    ...who,
    type: "purchase",
    item_id: line.code,
    quantity: line.quantity,
    price: line.price,
    currency: "GBP",
    order_id: line.invoice,
    ts,
    ...(line.country === "" ? {} : { context: { country: line.country } }),
  };
}

/** The set has no file of customers: the first line of each brings the country. */
function newCustomer(line: InvoiceLine, known: Set<string>): ImportRow[] {
  if (line.customer === "" || known.has(line.customer)) return [];
  known.add(line.customer);
  const traits =
    line.country === "" ? {} : { traits: { country: line.country } };
  return [{ entity: "user", input: { user_id: line.customer, ...traits } }];
}

function toItem(record: SourceRecord, options: ConversionOptions): Conversion {
  const code = textOf(record.values["stock_code"]).trim();
  if (code === "") return rejected("required", "/stock_code", "is missing");
  if (!isGoods(code)) {
    return dropped(
      "non_goods",
      "/stock_code",
      "Postage, fees and vouchers are not goods.",
    );
  }
  const title = textOf(record.values["description"])
    .replace(/\s+/g, " ")
    .trim();
  const price = numberOf(textOf(record.values["median_unit_price"]));
  const firstSeen = parseTime(record.values["first_seen"]);
  const input: ItemInput = {
    item_id: code,
    ...(title === "" ? {} : { title }),
    ...(price > 0 ? { price, currency: "GBP" } : {}),
    ...(firstSeen === undefined
      ? {}
      : { created_at: shifted(firstSeen, options.timeOffsetDays) }),
  };
  return { kind: "rows", rows: [{ entity: "item", input }] };
}

function isGoods(code: string): boolean {
  const upper = code.toUpperCase();
  return GOODS_SHAPE.test(upper) && !NON_GOODS.has(upper);
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value)
    : "";
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
