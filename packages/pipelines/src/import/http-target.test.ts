import { expect, test } from "vitest";
import { httpTarget } from "./http-target.ts";
import type { PendingRow } from "./target.ts";

interface Sent {
  readonly url: string;
  readonly rows: readonly { readonly item_id: string }[];
}

/** A service that rejects items named `bad` and, before it answers, is busy so many times. */
function service(busy = 0) {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  let left = busy;
  const target = httpTarget({
    url: "http://service.test",
    headers: { "X-Org-Id": "shop" },
    namespace: "books",
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    fetch: (url, request) => {
      if (left-- > 0) {
        const headers = { "retry-after": "2" };
        return Promise.resolve(new Response("{}", { status: 503, headers }));
      }
      const rows = JSON.parse(request?.body as string) as Sent["rows"];
      sent.push({ url: url instanceof URL ? url.href : "", rows });
      const results = rows.map(({ item_id }, row) =>
        item_id === "bad"
          ? { row, status: "rejected", errors: [{ code: "bad", path: "/x" }] }
          : { row, status: "accepted" },
      );
      return Promise.resolve(Response.json({ results }));
    },
  });
  return { target, sent, pauses };
}

function item(item_id: string, title = ""): PendingRow {
  return {
    line: 1,
    raw: "",
    row: { entity: "item", input: { item_id, title } },
  };
}

test("rows are sent in bodies that a service takes, and each answer goes to its row", async () => {
  const { target, sent } = service();
  const long = "x".repeat(900_000);
  const rows = ["a", "bad", "c", "d", "e"].map((id) => item(id, long));
  const results = await target.write(rows);
  expect(sent.map((one) => one.rows.map((row) => row.item_id))).toEqual([
    ["a", "bad"],
    ["c", "d"],
    ["e"],
  ]);
  expect(sent[0]?.url).toBe("http://service.test/v1/items?namespace=books");
  expect(results.map(({ status }) => status)).toEqual([
    "accepted",
    "rejected",
    "accepted",
    "accepted",
    "accepted",
  ]);
});

test("a service that is busy is asked again when it says", async () => {
  const { target, sent, pauses } = service(2);
  expect(await target.write([item("a")])).toEqual([{ status: "accepted" }]);
  expect(pauses).toEqual([2000, 2000]);
  expect(sent).toHaveLength(1);
});

test("a dry run cannot be compared over HTTP", () => {
  expect(service().target.preview).toBeUndefined();
});
