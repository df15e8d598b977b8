import { hashSeed, seededRandom } from "@recsys/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { balancedInterleave, creditBalanced } from "./balanced.ts";
import { creditRankers, optimisedMultileave } from "./optimised-multileave.ts";
import { summariseWins } from "./summarise-wins.ts";
import { creditTeams, teamDraft } from "./team-draft.ts";

const letters = (text: string) => Array.from(text);
const SEED = 20261127;
const ranking = fc.uniqueArray(fc.constantFrom(...letters("abcdefgh")), {
  maxLength: 8,
});
const someK = fc.integer({ min: 0, max: 10 });

describe("team draft", () => {
  test("lists distinct items of both, with teams that differ by one at most", () => {
    fc.assert(
      fc.property(ranking, ranking, (a, b) => {
        const random = seededRandom(hashSeed(a.join()));
        const coin = () => random() < 0.5;
        const { list, team, coinsUsed } = teamDraft(a, b, { k: 6, coin });
        const all = new Set([...a, ...b]);
        const sizes =
          team.filter((one) => one === "A").length * 2 - team.length;
        const bothLast = a.length >= 6 && b.length >= 6;
        return (
          new Set(list).size === list.length &&
          list.length === Math.min(6, all.size) &&
          list.every((item) => all.has(item)) &&
          coinsUsed <= list.length &&
          (!bothLast || Math.abs(sizes) <= 1)
        );
      }),
      { seed: SEED },
    );
  });

  test("of a ranking with itself keeps its order", () => {
    fc.assert(
      fc.property(ranking, someK, (a, k) => {
        const { list } = teamDraft(a, a, { k, coin: () => true });
        return list.join() === a.slice(0, k).join();
      }),
      { seed: SEED },
    );
  });

  test("credits a click once, and only for what is listed", () => {
    const draft = { list: ["a", "b"], team: ["A", "B"] as const };
    expect(creditTeams(draft, ["a", "a", "z"])).toEqual({
      creditA: 1,
      creditB: 0,
      winner: "A",
    });
  });

  test(`a user who clicks at random prefers neither (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const wins = { winsA: 0, winsB: 0, ties: 0 };
    for (let i = 0; i < 3000; i++) {
      const draft = teamDraft(letters("abcdef"), letters("fedabc"), {
        k: 4,
        coin: () => random() < 0.5,
      });
      const click = draft.list[Math.floor(random() * 4)] ?? "";
      const { winner } = creditTeams(draft, [click]);
      wins[winner === "A" ? "winsA" : "winsB"]++;
    }
    expect(summariseWins(wins).signTestP).toBeGreaterThan(0.001);
  });
});

describe("balanced", () => {
  test("takes turns: a b c with b d e gives a b d c, or b a d e when b leads", () => {
    const [a, b] = [
      ["a", "b", "c"],
      ["b", "d", "e"],
    ];
    expect(balancedInterleave(a, b, { k: 4, aLeads: true })).toEqual([
      "a",
      "b",
      "d",
      "c",
    ]);
    expect(balancedInterleave(a, b, { k: 4, aLeads: false })).toEqual([
      "b",
      "a",
      "d",
      "e",
    ]);
  });

  test("every prefix holds both rankings to the same depth, or one more of the leader", () => {
    fc.assert(
      fc.property(ranking, ranking, fc.boolean(), (a, b, aLeads) => {
        const list = balancedInterleave(a, b, { k: 20, aLeads });
        const all = new Set([...a, ...b]);
        return list.length === all.size && new Set(list).size === all.size;
      }),
      { seed: SEED },
    );
  });

  test("credits clicks to the depth that holds the lowest of them", () => {
    const rankings = { a: ["a", "b", "c"], b: ["b", "d", "e"] };
    const list = ["a", "b", "d", "c"];
    // Depth 2 holds a, b, d: a has a and b of the clicks, b has b and d.
    expect(creditBalanced(rankings, list, ["a", "b", "d"])).toMatchObject({
      creditA: 2,
      creditB: 2,
      winner: "tie",
    });
    expect(creditBalanced(rankings, list, ["a", "gone"]).winner).toBe("A");
    expect(creditBalanced(rankings, list, []).winner).toBe("tie");
  });
});

describe("optimised multileave", () => {
  const rankings = [letters("abcd"), letters("badc"), letters("cdab")];
  const options = { k: 3, lists: 60, seed: SEED };

  test("gives probabilities over distinct lists, the same for the same seed", () => {
    const result = optimisedMultileave(rankings, options);
    const total = result.probabilities.reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(1, 9);
    expect(new Set(result.lists.map(String)).size).toBe(result.lists.length);
    expect(optimisedMultileave(rankings, options)).toEqual(result);
  });

  test(`favours no ranker under random clicks by more than a thousandth of a credit (seed ${SEED})`, () => {
    expect(optimisedMultileave(rankings, options).bias).toBeLessThan(0.001);
  });

  test("credits by rank, the place after the last where it is not listed", () => {
    expect(creditRankers([["a", "b"], ["c"]], ["b", "b"])).toEqual([0.5, 0.5]);
    expect(creditRankers([["a", "b"], ["c"]], ["a"])).toEqual([1, 0.5]);
  });

  test("no rankings give no list but the empty one", () => {
    expect(optimisedMultileave([], options).lists).toEqual([[]]);
  });
});

describe("sign test", () => {
  test("8 of 10 wins: p = 2 · 56 / 1024", () => {
    const summary = summariseWins({ winsA: 8, winsB: 2, ties: 0 });
    expect(summary.signTestP).toBeCloseTo(112 / 1024, 12);
    expect(valueOf(summary.deltaAb)).toBeCloseTo(0.3, 12);
  });

  test("without lists there is no delta, without wins no evidence", () => {
    expect(summariseWins({ winsA: 0, winsB: 0, ties: 0 }).deltaAb.kind).toBe(
      "not-computable",
    );
    expect(summariseWins({ winsA: 0, winsB: 0, ties: 4 }).signTestP).toBe(1);
  });
});
