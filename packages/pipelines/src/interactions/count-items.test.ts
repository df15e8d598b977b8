import { expect, it } from "vitest";
import { countEvents } from "./count-items.ts";
import { toEventColumns, type EventRow } from "./event-columns.ts";

it("counts what happened to each item up to a moment", () => {
  const row = (item: string, type: string, ts = 1): EventRow => ({
    user: "u",
    item,
    type,
    ts,
  });
  const counts = countEvents(
    toEventColumns([
      row("tea", "view"),
      row("tea", "view"),
      row("tea", "click"),
      row("mug", "purchase"),
      row("mug", "return"),
      row("tea", "hide"),
      row("tea", "dislike"),
      row("tea", "view", 9),
      row("cup", "view", 9),
    ]),
    5,
  );
  expect(counts).toEqual({
    items: ["mug", "tea"],
    shown: Float64Array.of(0, 2),
    clicks: Float64Array.of(0, 1),
    purchases: Float64Array.of(1, 0),
    hides: Float64Array.of(0, 2),
    bought: Float64Array.of(1, 0),
    returned: Float64Array.of(1, 0),
  });
});
