import {
  hashUnit,
  type EventInput,
  type ItemInput,
  type UserInput,
} from "@recsys/contracts";
import {
  dropped,
  rejected,
  type Adapter,
  type Conversion,
  type ConversionOptions,
  type SourceRecord,
  type Table,
} from "../record.ts";
import { parseTime, shifted } from "../times.ts";

const products: Table = {
  name: "products",
  entity: "item",
  columns: ["product_id", "manufacturer_id", "department", "product_category"],
  open: (options) => (record) => toItem(record, options),
};

const transactions: Table = {
  name: "transactions",
  entity: "event",
  columns: ["household_id", "basket_id", "product_id", "sales_value", "time"],
  timeColumn: () => "time",
  open: (options) => {
    const lines = new Map<string, number>();
    return (record) => toPurchase(record, { options, lines });
  },
};

const households: Table = {
  name: "households",
  entity: "user",
  columns: ["household_id", "age", "income", "household_size"],
  open: () => toUser,
};

/** Household facts and the names they get as traits. */
const TRAITS: Readonly<Record<string, string>> = {
  age: "age_band",
  income: "income_band",
  home_ownership: "home_ownership",
  marital_status: "marital_status",
  household_size: "household_size",
  household_comp: "household_kind",
  kids_count: "kids",
};

/** The Complete Journey 2.0 (84.51°): purchases of households in a grocery chain. See examples/complete-journey. */
export const completeJourney: Adapter = {
  name: "complete-journey",
  description:
    "The Complete Journey (84.51°): products.csv, households.csv and transactions.csv",
  files: [
    "products.csv.gz",
    "households.csv.gz",
    "transactions.csv.gz",
    "products.csv",
    "households.csv",
    "transactions.csv",
  ],
  tables: [products, households, transactions],
  schema: {
    attributes: {
      package_size: { type: "string", description: "As on the shelf." },
    },
    traits: Object.fromEntries(
      Object.values(TRAITS).map((name) => [name, { type: "string" as const }]),
    ),
    context: {},
  },
};

function toItem(
  { values }: SourceRecord,
  options: ConversionOptions,
): Conversion {
  const id = textOf(values["product_id"]);
  if (id === "") return rejected("required", "/product_id", "is missing");
  const department = textOf(values["department"]);
  const category = textOf(values["product_category"]);
  const type = textOf(values["product_type"]);
  const size = textOf(values["package_size"]).replace(/\s+/g, " ");
  const maker = textOf(values["manufacturer_id"]);
  const price = Number(textOf(values["median_unit_price"]));
  const firstSold = parseTime(values["first_sold"]);
  const path = [department, category, type].filter((part) => part !== "");
  const own = textOf(values["brand"]) === "Private";
  const input: ItemInput = {
    item_id: id,
    title: titleOf(path.at(-1) ?? id, size),
    category: path,
    tags: [own ? "own-brand" : "national-brand", slug(department)].filter(
      (tag) => tag !== "",
    ),
    ...(maker === "" ? {} : { brand: `Maker ${maker}`, provider_id: maker }),
    ...(price > 0 ? { price, currency: "USD" } : {}),
    margin: inventedMargin(id, { category, own }),
    ...(size === "" ? {} : { attributes: { package_size: size } }),
    ...(firstSold === undefined
      ? {}
      : { created_at: shifted(firstSold, options.timeOffsetDays) }),
  };
  return { kind: "rows", rows: [{ entity: "item", input }] };
}

/**
 * The set has no margins: these are invented, the same for the same product.
 * A category earns 5 to 35 % of the price, a product up to 10 points more,
 * and own brands 10 more still.
 */
function inventedMargin(
  id: string,
  of: { readonly category: string; readonly own: boolean },
): number {
  const share =
    0.05 +
    0.3 * hashUnit(`margin:${of.category}`) +
    0.1 * hashUnit(`margin:${id}`) +
    (of.own ? 0.1 : 0);
  return Number(share.toFixed(3));
}

function titleOf(name: string, size: string): string {
  const words = name.charAt(0) + name.slice(1).toLowerCase();
  return size === "" ? words : `${words}, ${size.toLowerCase()}`;
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** One line of a basket. Returned and free lines are no purchases. */
function toPurchase(
  { values }: SourceRecord,
  of: {
    readonly options: ConversionOptions;
    /** How often a product came in a basket so far. */
    readonly lines: Map<string, number>;
  },
): Conversion {
  const household = textOf(values["household_id"]);
  const product = textOf(values["product_id"]);
  if (household === "")
    return rejected("required", "/household_id", "is missing");
  if (product === "") return rejected("required", "/product_id", "is missing");
  const quantity = Number(textOf(values["quantity"]) || NaN);
  const paid = Number(textOf(values["sales_value"]) || NaN);
  if (Number.isNaN(quantity))
    return rejected("type", "/quantity", "is not a number");
  if (Number.isNaN(paid))
    return rejected("type", "/sales_value", "is not a number");
  if (quantity <= 0 || paid <= 0) {
    return dropped(
      "not_sold",
      "/quantity",
      "Nothing was paid for or nothing was taken.",
    );
  }
  const time = parseTime(values["time"]);
  if (time === undefined) {
    return rejected(
      "format",
      "/time",
      "is not a time such as 2017-01-01T07:30:27",
    );
  }
  const basket = textOf(values["basket_id"]);
  const line = `${basket}-${product}`;
  const before = of.lines.get(line) ?? 0;
  of.lines.set(line, before + 1);
  const input: EventInput = {
    event_id: `cj-${line}${before === 0 ? "" : `-${before + 1}`}`,
    user_id: household,
    type: "purchase",
    item_id: product,
    quantity,
    price: Number((paid / quantity).toFixed(4)),
    currency: "USD",
    order_id: basket,
    ts: shifted(time, of.options.timeOffsetDays),
  };
  return { kind: "rows", rows: [{ entity: "event", input }] };
}

function toUser({ values }: SourceRecord): Conversion {
  const id = textOf(values["household_id"]);
  if (id === "") return rejected("required", "/household_id", "is missing");
  const traits = Object.fromEntries(
    Object.entries(TRAITS).flatMap(([column, trait]) => {
      const value = textOf(values[column]);
      return value === "" ? [] : [[trait, value]];
    }),
  );
  const input: UserInput = { user_id: id, traits };
  return { kind: "rows", rows: [{ entity: "user", input }] };
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value).trim()
    : "";
}
