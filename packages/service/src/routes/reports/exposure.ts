import { ApiError, DAY_MS, type Item } from "@recsys/contracts";
import { memberOf, type Snapshot } from "@recsys/ranking";
import { totalItemExposure } from "@recsys/store";
import Type, { type Static } from "typebox";
import { readRoute } from "../../http/route.ts";
import { namespaceIn, queryOf, SPAN_FIELDS, toTime } from "../shapes.ts";
import { spanIn } from "../span.ts";

const MOST_DAYS = 31;
/** More rows (an item on a surface) than this in a span are refused. */
const MAX_ROWS = 500_000;

/** What exposure is counted by, with the group of an item; null: in none. */
const GROUPS = {
  provider: (item: Item) => item.provider_id ?? null,
  brand: (item: Item) => item.brand ?? null,
  category: (item: Item) =>
    item.category.length === 0 ? null : item.category.join("/"),
  sponsored: (item: Item) => String(item.sponsored === true),
} as const;
type By = keyof typeof GROUPS;

const Share = {
  listed: Type.Integer({ description: "places in lists" }),
  share: Type.Union([Type.Number(), Type.Null()], {
    description: "of all places",
  }),
  exposed: Type.Integer({
    description: "of these, how many were confirmed to be seen",
  }),
  exposed_share: Type.Union([Type.Number(), Type.Null()]),
};

const FloorShare = Type.Object({
  surface: Type.String(),
  policy: Type.String(),
  floor: Type.String(),
  min_share: Type.Number(),
  ...Share,
  is_met: Type.Union([Type.Boolean(), Type.Null()], {
    description: "by the places; null where the surface had no lists",
  }),
});

/** GET /v1/reports/exposure */
export const exposureReportRoute = readRoute({
  name: "exposureReport",
  method: "GET",
  url: "/v1/reports/exposure",
  permission: "pipelines:read",
  tag: "reports",
  summary:
    "Who got the places of all lists in a span of time, by provider, brand, category or sponsored, and whether exposure floors were met.",
  query: queryOf({
    ...SPAN_FIELDS,
    by: Type.Union((Object.keys(GROUPS) as By[]).map((by) => Type.Literal(by))),
  }),
  answer: Type.Object({
    from: Type.String(),
    to: Type.String(),
    by: Type.String(),
    groups: Type.Array(
      Type.Object({
        group: Type.Union([Type.String(), Type.Null()], {
          description: "null: in no group, or not in the catalogue any more",
        }),
        ...Share,
      }),
    ),
    floors: Type.Array(FloorShare),
  }),
  errors: ["LIMIT_EXCEEDED"],
  handle: async ({ context, caller, query }) => {
    const namespace = namespaceIn(query);
    const now = context.clock();
    const { from = now - 7 * DAY_MS, to = now + 1 } = spanIn(query);
    if (to - from > MOST_DAYS * DAY_MS) {
      throw new ApiError("LIMIT_EXCEEDED", {
        detail: `A report is of ${MOST_DAYS} days at most.`,
      });
    }
    const { loaded } = await context.snapshots.ensure(caller.tenant, namespace);
    const rows = await context.store.inTenant(caller.tenant, (tx) =>
      totalItemExposure(tx, namespace, { from, to, limit: MAX_ROWS + 1 }),
    );
    if (rows.length > MAX_ROWS) {
      throw new ApiError("LIMIT_EXCEEDED", {
        detail: `The span holds more than ${MAX_ROWS} items of surfaces; choose a shorter one.`,
      });
    }
    const { by } = query;
    return {
      body: {
        from: toTime(from),
        to: toTime(to),
        by,
        groups: groupsOf(rows, loaded.snapshot, by),
        floors: floorsOf(rows, loaded.snapshot, now),
      },
    };
  },
});

type ItemExposure = Awaited<ReturnType<typeof totalItemExposure>>[number];

interface Counts {
  listed: number;
  exposed: number;
}

function sum(rows: readonly ItemExposure[]): Counts {
  const total = { listed: 0, exposed: 0 };
  for (const row of rows) {
    total.listed += row.listed;
    total.exposed += row.exposed;
  }
  return total;
}

function sharesOf(part: Counts, whole: Counts) {
  return {
    ...part,
    share: whole.listed === 0 ? null : part.listed / whole.listed,
    exposed_share: whole.exposed === 0 ? null : part.exposed / whole.exposed,
  };
}

function groupsOf(
  rows: readonly ItemExposure[],
  { catalogue }: Snapshot,
  by: By,
) {
  const whole = sum(rows);
  const groups = new Map<string | null, ItemExposure[]>();
  for (const row of rows) {
    const item = catalogue.items[catalogue.positionOf(row.itemId)] ?? null;
    const group = item === null ? null : GROUPS[by](item);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [row]);
    else members.push(row);
  }
  return [...groups]
    .map(([group, members]) => ({ group, ...sharesOf(sum(members), whole) }))
    .sort((a, b) =>
      b.listed === a.listed
        ? (a.group ?? "") < (b.group ?? "")
          ? -1
          : 1
        : b.listed - a.listed,
    );
}

/** The floors of every surface as they are configured now. */
function floorsOf(
  rows: readonly ItemExposure[],
  snapshot: Snapshot,
  now: number,
): Static<typeof FloorShare>[] {
  const { surfaces, slate_policies = {} } = snapshot.config;
  return Object.entries(surfaces).flatMap(([surface, { slate_policy }]) => {
    if (slate_policy === undefined) return [];
    const ofSurface = rows.filter((row) => row.surface === surface);
    const whole = sum(ofSurface);
    const floors = slate_policies[slate_policy]?.floors ?? [];
    return floors.map((floor) => {
      const isMember = memberOf(floor, { ...snapshot, now });
      const members = ofSurface.filter(({ itemId }) =>
        isMember(snapshot.catalogue.positionOf(itemId)),
      );
      const shares = sharesOf(sum(members), whole);
      return {
        surface,
        policy: slate_policy,
        floor: floor.name,
        min_share: floor.min_share,
        ...shares,
        is_met: shares.share === null ? null : shares.share >= floor.min_share,
      };
    });
  });
}
