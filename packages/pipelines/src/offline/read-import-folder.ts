import type { EventInput, Item, ItemInput } from "@recsys/contracts";
import { planImport, type PlannedFile } from "../import/plan.ts";
import {
  toEventColumns,
  type EventColumns,
  type EventRow,
} from "../interactions/event-columns.ts";

/** A known data set as training sees it, without a database. */
export interface ImportedSet {
  readonly items: readonly Item[];
  readonly events: EventColumns;
  /** Rows that the adapter left out or refused, by code. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Reads a folder or files through an import adapter; repeated event ids count once, as in the database. */
export async function readImportFolder(o: {
  readonly adapter: string;
  readonly paths: readonly string[];
}): Promise<ImportedSet> {
  const plan = await planImport(o);
  const items = new Map<string, Item>();
  const events = new Map<string, EventRow>();
  const leftOut = new Map<string, number>();
  for (const file of plan.files) {
    await readRows(file, (row) => {
      if (row.kind === "left-out") {
        leftOut.set(row.code, (leftOut.get(row.code) ?? 0) + 1);
      } else if (row.kind === "item") {
        items.set(row.input.item_id, toItem(row.input));
      } else {
        const key = row.input.event_id ?? `row ${events.size}`;
        if (!events.has(key)) events.set(key, toRow(row.input));
      }
    });
  }
  return {
    items: [...items.values()],
    events: toEventColumns([...events.values()]),
    leftOut,
  };
}

type ReadRow =
  | { readonly kind: "item"; readonly input: ItemInput }
  | { readonly kind: "event"; readonly input: EventInput }
  | { readonly kind: "left-out"; readonly code: string };

async function readRows(
  file: PlannedFile,
  take: (row: ReadRow) => void,
): Promise<void> {
  const convert = file.table.open({
    timeOffsetDays: 0,
    fileHash: file.sha256,
    mapping: {},
    ignore: [],
    constants: {},
  });
  const opened = await file.open();
  for await (const batch of opened.records()) {
    for (const record of batch) {
      const result = convert(record);
      if (result.kind !== "rows") {
        take({ kind: "left-out", code: result.problem.code });
        continue;
      }
      for (const row of result.rows) {
        if (row.entity === "item") take({ kind: "item", input: row.input });
        if (row.entity === "event") take({ kind: "event", input: row.input });
      }
    }
  }
}

function toRow(input: EventInput): EventRow {
  const country = input.context?.["country"];
  return {
    user: input.user_id ?? input.anonymous_id ?? input.session_id ?? "",
    person:
      input.user_id !== undefined
        ? "user"
        : input.anonymous_id !== undefined
          ? "anonymous"
          : "session",
    item: input.item_id,
    type: input.type,
    ts: input.ts === undefined ? 0 : Date.parse(input.ts),
    quantity: input.quantity,
    value: input.value,
    order: input.order_id,
    country: typeof country === "string" ? country : undefined,
  };
}

/** The catalogue's view of a first upsert: what is absent or null is not set. */
function toItem(input: ItemInput): Item {
  const { item_id, tags, category, attributes, available } = input;
  const time = (text: string | null | undefined) =>
    text === undefined || text === null ? undefined : Date.parse(text);
  const fields = {
    price: input.price,
    currency: input.currency,
    stock: input.stock,
    brand: input.brand,
    provider_id: input.provider_id,
    margin: input.margin,
    sponsored: input.sponsored,
    title: input.title,
    description: input.description,
    locale: input.locale,
    valid_from: time(input.valid_from),
    valid_until: time(input.valid_until),
    created_at: time(input.created_at),
  };
  const present = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const attributeEntries = Object.entries(attributes ?? {}).filter(
    (entry): entry is [string, NonNullable<(typeof entry)[1]>] =>
      entry[1] !== null,
  );
  return {
    item_id,
    available: available ?? true,
    tags: tags ?? [],
    category: category ?? [],
    attributes: Object.fromEntries(attributeEntries),
    ...(Object.fromEntries(present) as Partial<Item>),
  };
}
