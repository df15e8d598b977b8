import { DAY_MS } from "@recsys/contracts";
import type { Feature, ReadValue } from "./feature.ts";

const card = {
  owner: "ranking",
  source: "user state of the decision",
  freshness: "events acknowledged before the request",
  privacy: "personal",
} as const;

export const userEvents: Feature = {
  ...card,
  name: "user_events",
  definition: "Number of events in the user state.",
  unit: "events",
  default: 0,
  missing: "never; 0 without consent",
  prepare: ({ history }) => same(history.events.length),
};

export const userItems: Feature = {
  ...card,
  name: "user_items",
  definition: "Number of distinct catalogue items in the user state.",
  unit: "items",
  default: 0,
  missing: "never; 0 without consent",
  prepare: ({ history }) => same(history.items.length),
};

export const userPurchases: Feature = {
  ...card,
  name: "user_purchases",
  definition: "Number of purchase events in the user state.",
  unit: "events",
  default: 0,
  missing: "never; 0 without consent",
  prepare: ({ history }) =>
    same(history.items.reduce((sum, { purchases }) => sum + purchases, 0)),
};

export const userIdleDays: Feature = {
  ...card,
  name: "user_idle_days",
  definition: "Time since the newest event of the user.",
  unit: "days",
  default: 365,
  missing: "the user has no event, or no consent",
  prepare({ history, now }) {
    const newest = history.events[0];
    return same(
      newest === undefined ? null : Math.max(0, now - newest.ts) / DAY_MS,
    );
  },
};

export const userCategoryItems: Feature = {
  ...card,
  name: "user_category_items",
  definition:
    "Number of items in the user state that have the category path of the candidate.",
  unit: "items",
  default: 0,
  missing: "the candidate has no category",
  prepare({ snapshot, history }) {
    const { category } = snapshot.catalogue.columns;
    const counts = new Map<number, number>();
    for (const item of history.items) {
      const path = category[item.position] ?? 0;
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    return (_, position) => {
      const wanted = category[position] ?? 0;
      return wanted === 0 ? null : (counts.get(wanted) ?? 0);
    };
  },
};

export const requestAnchorCount: Feature = {
  ...card,
  name: "request_anchors",
  source: "request",
  privacy: "context",
  definition: "Number of known anchors in the request.",
  unit: "items",
  default: 0,
  missing: "never",
  prepare: ({ request, anchors }) =>
    same(request.anchors.length === 0 ? 0 : anchors.length),
};

/** The same value for every candidate. */
function same(value: number | null): ReadValue {
  return () => value;
}
