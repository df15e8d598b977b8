import type { EventInput, ItemInput, UserInput } from "@recsys/contracts";
import {
  rejected,
  type Adapter,
  type Conversion,
  type ConversionOptions,
  type SourceRecord,
  type Table,
} from "../record.ts";
import { parseTime, shifted } from "../times.ts";

const ratings: Table = {
  name: "ratings",
  entity: "event",
  columns: ["user_id", "item_id", "rating", "timestamp"],
  timeColumn: () => "timestamp",
  open: (options) => (record) => toRating(record, options),
};

const movies: Table = {
  name: "items",
  entity: "item",
  columns: ["item_id", "title", "genres"],
  open: (options) => (record) => toMovie(record, options),
};

const users: Table = {
  name: "users",
  entity: "user",
  columns: ["user_id", "age", "gender", "occupation"],
  open: () => toUser,
};

/** MovieLens 100K as CSV and JSONL: a rating is an event of type rating with its stars as value, a genre is a tag. */
export const movielens: Adapter = {
  name: "movielens",
  description: "MovieLens: ratings.csv, items.jsonl and users.csv",
  files: ["items.jsonl", "users.csv", "ratings.csv.gz", "ratings.csv"],
  tables: [ratings, movies, users],
  schema: {
    attributes: {
      year: { type: "number", description: "Year in the title." },
    },
    traits: {
      age: { type: "number" },
      gender: { type: "string" },
      occupation: { type: "string" },
      zip_code: { type: "string" },
    },
    context: {},
  },
};

function toRating(
  record: SourceRecord,
  options: ConversionOptions,
): Conversion {
  const user = text(record.values["user_id"]);
  const item = text(record.values["item_id"]);
  if (user === "") return rejected("required", "/user_id", "is missing");
  if (item === "") return rejected("required", "/item_id", "is missing");
  const rating = Number(text(record.values["rating"]));
  if (!(rating >= 0.5 && rating <= 5)) {
    return rejected("range", "/rating", "is not a rating from 0.5 to 5");
  }
  const ms = parseTime(record.values["timestamp"]);
  if (ms === undefined) {
    return rejected("format", "/timestamp", "is not a Unix time in seconds");
  }
  const input: EventInput = {
    // One person rates one film once: the pair is the identity of the event.
    event_id: `ml-${user}-${item}`,
    user_id: user,
    type: "rating",
    item_id: item,
    value: rating,
    ts: shifted(ms, options.timeOffsetDays),
  };
  return { kind: "rows", rows: [{ entity: "event", input }] };
}

function toMovie(record: SourceRecord, options: ConversionOptions): Conversion {
  const id = text(record.values["item_id"]);
  if (id === "") return rejected("required", "/item_id", "is missing");
  const title = text(record.values["title"]);
  const year = record.values["year"];
  const released = parseTime(record.values["release_date"] ?? undefined);
  const genres = record.values["genres"];
  const input: ItemInput = {
    item_id: id,
    ...(title === "" || title === "unknown" ? {} : { title }),
    ...(Array.isArray(genres)
      ? { tags: genres.map(String).filter((g) => g !== "unknown") }
      : {}),
    ...(typeof year === "number" ? { attributes: { year } } : {}),
    ...(released === undefined
      ? {}
      : { created_at: shifted(released, options.timeOffsetDays) }),
  };
  return { kind: "rows", rows: [{ entity: "item", input }] };
}

function toUser(record: SourceRecord): Conversion {
  const id = text(record.values["user_id"]);
  if (id === "") return rejected("required", "/user_id", "is missing");
  const age = Number(text(record.values["age"]));
  if (Number.isNaN(age)) return rejected("type", "/age", "is not a number");
  const traits: Record<string, string | number> = { age };
  for (const name of ["gender", "occupation", "zip_code"]) {
    const value = text(record.values[name]);
    if (value !== "") traits[name] = value;
  }
  const input: UserInput = { user_id: id, traits };
  return { kind: "rows", rows: [{ entity: "user", input }] };
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value).trim()
    : "";
}
