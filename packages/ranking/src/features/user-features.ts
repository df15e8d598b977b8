import type { CandidateFeature, RequestFeature } from "./feature.ts";

const DAY_MS = 86_400_000;

const card = {
  owner: "ranking",
  source: "user state of the decision",
  freshness: "events acknowledged before the request",
  privacy: "personal",
} as const;

export const userEvents: RequestFeature = {
  ...card,
  of: "request",
  name: "user_events",
  definition: "Number of events in the user state.",
  unit: "events",
  default: 0,
  missing: "never; 0 without consent",
  value: ({ history }) => history.events.length,
};

export const userItems: RequestFeature = {
  ...card,
  of: "request",
  name: "user_items",
  definition: "Number of distinct catalogue items in the user state.",
  unit: "items",
  default: 0,
  missing: "never; 0 without consent",
  value: ({ history }) => history.items.length,
};

export const userPurchases: RequestFeature = {
  ...card,
  of: "request",
  name: "user_purchases",
  definition: "Number of purchase events in the user state.",
  unit: "events",
  default: 0,
  missing: "never; 0 without consent",
  value: ({ history }) =>
    history.items.reduce((sum, { purchases }) => sum + purchases, 0),
};

export const userIdleDays: RequestFeature = {
  ...card,
  of: "request",
  name: "user_idle_days",
  definition: "Time since the newest event of the user.",
  unit: "days",
  default: 365,
  missing: "the user has no event, or no consent",
  value({ history, now }) {
    const newest = history.events[0];
    return newest === undefined ? null : Math.max(0, now - newest.ts) / DAY_MS;
  },
};

export const userCategoryItems: CandidateFeature = {
  ...card,
  of: "candidate",
  name: "user_category_items",
  definition:
    "Number of items in the user state that have the category path of the candidate.",
  unit: "items",
  default: 0,
  missing: "the candidate has no category",
  value({ snapshot, history }, position) {
    const { category } = snapshot.catalogue.columns;
    const wanted = category[position] ?? 0;
    if (wanted === 0) return null;
    let count = 0;
    for (const item of history.items) {
      if (category[item.position] === wanted) count++;
    }
    return count;
  },
};

export const requestAnchorCount: RequestFeature = {
  ...card,
  of: "request",
  name: "request_anchors",
  source: "request",
  privacy: "context",
  definition: "Number of known anchors in the request.",
  unit: "items",
  default: 0,
  missing: "never",
  value: ({ request, anchors }) =>
    request.anchors.length === 0 ? 0 : anchors.length,
};
