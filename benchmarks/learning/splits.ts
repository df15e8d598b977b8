import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createInteractions, type Interactions } from "@recsys/learning";

/** Interactions to learn from and, by user, the items to be found. */
export interface Split {
  readonly name: string;
  readonly train: Interactions;
  readonly truth: ReadonlyMap<string, ReadonlySet<string>>;
  /** Unix milliseconds: the first moment that is not known. */
  readonly asOf: number;
}

interface Row {
  readonly user: string;
  readonly item: string;
  readonly ts: number;
  readonly basket: string | null;
  readonly person: number;
}

/** The fixed 80:20 split; every rating is one interaction. */
export function readMovieLens(folder: string): Split {
  const directory = join(folder, "ml-100k", "split-random80-seed20261121");
  const read = (name: string) =>
    lines(join(directory, name), 1).map((line): Row => {
      const [user = "", item = "", , seconds] = line.split(",");
      return {
        user,
        item,
        ts: Number(seconds) * 1000,
        basket: null,
        person: 1,
      };
    });
  return givenSplit("ml-100k", read("train.csv.gz"), read("test.csv.gz"));
}

export function readGowalla(folder: string): Split {
  const read = (name: string) =>
    lines(join(folder, "gowalla", name), 0).flatMap((line) => {
      const [user = "", ...items] = line.split(" ");
      return items
        .filter((item) => item !== "")
        .map((item): Row => ({ user, item, ts: 0, basket: null, person: 1 }));
    });
  return givenSplit("gowalla", read("train.txt.gz"), read("test.txt.gz"));
}

const RETAIL_TEST = Date.UTC(2011, 5, 1);
const RETAIL_VALIDATION = Date.UTC(2011, 4, 1);

/** Purchases of goods before and from 1 June 2011; guests teach, customers are asked, for new items only. */
export function readOnlineRetail(folder: string): Split {
  return splitByTime("online-retail", retailRows(folder), RETAIL_TEST);
}

/** The part of training that choices are made on: up to April, asked for May. */
export function readRetailValidation(folder: string): Split {
  const known = retailRows(folder).filter((row) => row.ts < RETAIL_TEST);
  return splitByTime("online-retail validation", known, RETAIL_VALIDATION);
}

function retailRows(folder: string): Row[] {
  const path = join(folder, "online-retail", "transactions.csv.gz");
  return lines(path, 1).flatMap((line): Row[] => {
    const [invoice = "", item = "", quantity, time = "", price, customer] =
      line.split(",");
    // Goods have five digits and at most letters behind; postage, fees and vouchers do not.
    const isGoods = /^\d{5}[A-Za-z]*$/.test(item);
    if (!isGoods || !(Number(quantity) > 0) || !(Number(price) > 0)) return [];
    const isGuest = customer === undefined || customer === "";
    return [
      {
        user: isGuest ? `guest ${invoice}` : customer,
        item,
        ts: Date.parse(`${time}Z`),
        basket: invoice,
        person: isGuest ? 0 : 1,
      },
    ];
  });
}

function splitByTime(name: string, rows: readonly Row[], at: number): Split {
  const train = rows.filter((row) => row.ts < at);
  const had = itemsByUser(train);
  const asked = rows.filter(
    ({ ts, person, user, item }) =>
      ts >= at && person === 1 && had.get(user)?.has(item) === false,
  );
  return {
    name,
    train: toInteractions(train),
    truth: itemsByUser(asked),
    asOf: at,
  };
}

function givenSplit(
  name: string,
  train: readonly Row[],
  test: readonly Row[],
): Split {
  return {
    name,
    train: toInteractions(train),
    truth: itemsByUser(test),
    asOf: train.reduce((latest, row) => Math.max(latest, row.ts), 0),
  };
}

function toInteractions(rows: readonly Row[]): Interactions {
  return createInteractions({
    user: rows.map((row) => row.user),
    item: rows.map((row) => row.item),
    weight: rows.map(() => 1),
    ts: rows.map((row) => row.ts),
    basket: rows.map((row) => row.basket),
    person: rows.map((row) => row.person),
  });
}

function itemsByUser(rows: readonly Row[]): Map<string, Set<string>> {
  const items = new Map<string, Set<string>>();
  for (const { user, item } of rows) {
    const own = items.get(user) ?? new Set();
    items.set(user, own.add(item));
  }
  return items;
}

function lines(path: string, skip: number): string[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  return text.trimEnd().split("\n").slice(skip);
}
