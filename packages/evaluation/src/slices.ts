import { ApiError } from "@recsys/contracts";

/** Values by slice key, such as `{ segment: "vip", new_user: "yes" }`. */
export type SliceValues = Readonly<Record<string, string>>;

/** More groups than this are a mistake, such as slicing by user id. */
const MAX_SLICES = 500;

interface SliceGroup<Content> {
  readonly key: string;
  readonly value: string;
  readonly content: Content;
}

export interface SliceGroups<Content> {
  /** The content of every group that these values name, made where it is new. */
  of(values: SliceValues): SliceGroup<Content>[];
  /** By key, then by value. */
  sorted(): SliceGroup<Content>[];
}

/** Groups by slice key and value; throws LIMIT_EXCEEDED beyond MAX_SLICES groups. */
export function createSliceGroups<Content>(
  create: () => Content,
): SliceGroups<Content> {
  const groups = new Map<string, SliceGroup<Content>>();
  const find = (key: string, value: string): SliceGroup<Content> => {
    const identity = JSON.stringify([key, value]);
    const known = groups.get(identity);
    if (known !== undefined) return known;
    if (groups.size === MAX_SLICES) throw tooMany();
    const group = { key, value, content: create() };
    groups.set(identity, group);
    return group;
  };
  return {
    of: (values) => Object.entries(values).map(([k, v]) => find(k, v)),
    sorted: () =>
      [...groups.values()].sort(
        (a, b) => compare(a.key, b.key) || compare(a.value, b.value),
      ),
  };
}

function tooMany(): ApiError {
  return new ApiError("LIMIT_EXCEEDED", {
    detail: `the slices form more than ${MAX_SLICES} groups; slice by keys with fewer values`,
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
