import {
  decodeArtifact,
  encodeArtifact,
  type SignalName,
  type SignalView,
} from "@recsys/contracts";
import { plainKernels } from "@recsys/kernels";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AS_OF,
  checkerboard,
  checkerboardItems,
} from "./checkerboard.contract.ts";
import { createInteractions } from "./create-interactions.ts";
import type { Signal, SignalInput } from "./signal.ts";
import {
  expectColours,
  expectWellFormed,
  scoresByPair,
} from "./view.contract.ts";
import {
  countsOf,
  irregularWorld,
  reversed,
  shuffled,
  worlds,
  type World,
} from "./worlds.contract.ts";

const CONTEXT = { asOf: AS_OF, kernels: plainKernels };
const ORIGIN = {
  as_of: AS_OF,
  window: { from: 0, to: AS_OF },
  sources: ["aa"],
  code_version: "test",
};

/** Small enough for the board; everything else stays as it ships. */
const SMALL: Partial<Record<SignalName, Record<string, number>>> = {
  popularity: { min_group_events: 1 },
  trending: { recent_days: 6, earlier_days: 94, min_users: 1 },
  "bought-together": { min_support: 1, min_ratio: 0 },
  ials: { dimension: 8 },
};

/** What every registered signal must hold, whatever it learns. */
export function describeSignal<N extends SignalName>(signal: Signal<N>): void {
  const read = ({ columns, items }: World) => {
    const name: SignalName = signal.name;
    if (name === "content") return items as SignalInput<N>;
    return (
      name === "item-rates" ? countsOf(columns) : createInteractions(columns)
    ) as SignalInput<N>;
  };
  const learn = (world: World) => {
    const model = signal.compute(
      read(world),
      SMALL[signal.name] ?? {},
      CONTEXT,
    );
    return encodeArtifact(signal.pack(model, ORIGIN));
  };
  const view = (bytes: Uint8Array): SignalView =>
    signal.view(decodeArtifact(bytes));

  describe(signal.name, () => {
    test("recommends the other items of the colour", () => {
      const board = { columns: checkerboard(), items: checkerboardItems() };
      expectColours(view(learn(board)));
    });

    test("scores lie within 0 and 1, rows are sorted with ties by id, no item is its own neighbour", () => {
      fc.assert(
        fc.property(worlds(), (world) => {
          expectWellFormed(view(learn(world)));
        }),
        { numRuns: 40 },
      );
    });

    test("the order of rows and of items changes no byte", () => {
      fc.assert(
        fc.property(worlds(), fc.infiniteStream(fc.nat()), (world, draws) => {
          expect(learn(shuffled(world, draws))).toEqual(learn(world));
        }),
        { numRuns: 25 },
      );
    });

    test("new labels for users change no byte", () => {
      fc.assert(
        fc.property(worlds(), (world) => {
          const user = world.columns.user.map((id) => reversed(`x-${id}`));
          const relabelled = { ...world, columns: { ...world.columns, user } };
          expect(learn(relabelled)).toEqual(learn(world));
        }),
        { numRuns: 25 },
      );
    });

    test("new labels for items move scores by less than 1e-4", () => {
      const world = irregularWorld();
      const rename = (id: string) => reversed(`x-${id}`);
      const renamed = {
        columns: { ...world.columns, item: world.columns.item.map(rename) },
        items: world.items.map((item) => ({
          ...item,
          item_id: rename(item.item_id),
        })),
      };
      const before = scoresByPair(view(learn(world)), rename);
      const after = scoresByPair(view(learn(renamed)), (id) => id);
      expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
      expect(before.size).toBeGreaterThan(10);
      for (const [pair, score] of before) {
        expect(Math.abs(score - (after.get(pair) ?? 9)), pair).toBeLessThan(
          1e-4,
        );
      }
    });

    test("nothing to learn from gives a valid artifact that offers nothing", () => {
      const empty = { user: [], item: [], weight: [], ts: [] };
      const learned = view(learn({ columns: empty, items: [] }));
      expect(learned.ids).toEqual([]);
      expectWellFormed(learned);
    });

    test("one user with one item gives a valid artifact", () => {
      const one = { user: ["u"], item: ["i"], weight: [1], ts: [AS_OF] };
      const items = [
        { item_id: "i", title: "only one", tags: [], category: [] },
      ];
      const learned = view(learn({ columns: one, items }));
      expect(learned.ids).toEqual(["i"]);
      expectWellFormed(learned);
    });

    test("its view refuses other kinds, other versions and cut tensors", () => {
      const board = { columns: checkerboard(), items: checkerboardItems() };
      const artifact = decodeArtifact(learn(board));
      const { provenance, tensors, strings } = artifact;
      const other = signal.name === "ials" ? "content" : "ials";
      expect(() =>
        signal.view({
          ...artifact,
          provenance: { ...provenance, kind: other },
        }),
      ).toThrow(`an artifact of ${signal.name} is needed, got ${other}`);
      expect(() =>
        signal.view({
          ...artifact,
          provenance: { ...provenance, schema_version: 999 },
        }),
      ).toThrow("got 999");
      const ids = strings["ids"]?.slice(1) ?? [];
      expect(() =>
        signal.view({ ...artifact, strings: { ...strings, ids } }),
      ).toThrow(/ids|must be/);
      for (const name of Object.keys(tensors)) {
        const rest = { ...tensors };
        Reflect.deleteProperty(rest, name);
        expect(
          () => signal.view({ ...artifact, tensors: rest }),
          name,
        ).toThrow();
      }
    });

    test("its view copies no tensor", () => {
      const board = { columns: checkerboard(), items: checkerboardItems() };
      const bytes = learn(board);
      const learned = view(bytes);
      const arrays =
        learned.kind === "ranked-lists"
          ? [...learned.groups.values()].flatMap((l) => [l.items, l.scores])
          : learned.kind === "neighbours"
            ? [learned.offsets, learned.neighbours, learned.scores]
            : learned.kind === "rates"
              ? Object.values(learned.rates).map(({ values }) => values)
              : [learned.factors];
      for (const array of arrays) expect(array.buffer).toBe(bytes.buffer);
    });

    test("an unknown parameter and one out of range are errors", () => {
      const columns = { user: [], item: [], weight: [], ts: [] };
      const input = read({ columns, items: [] });
      const run = (parameters: Record<string, number>) => () =>
        signal.compute(input, parameters, CONTEXT);
      expect(run({ magic: 1 })).toThrow("magic is not a parameter");
      for (const [name, definition] of Object.entries(signal.parameters)) {
        expect(run({ [name]: definition.maximum + 1 })).toThrow(name);
        expect(run({ [name]: Number.NaN })).toThrow(name);
      }
    });

    test("progress ends with 1", () => {
      const seen: number[] = [];
      const board = { columns: checkerboard(), items: checkerboardItems() };
      signal.compute(
        read(board),
        {},
        {
          ...CONTEXT,
          onProgress: (fraction) => seen.push(fraction),
        },
      );
      expect(seen.at(-1)).toBe(1);
      expect(seen.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(
        true,
      );
    });
  });
}
