import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Approval } from "./approvals.ts";
import {
  CHANGE_COMMANDS,
  CHANGE_STATES,
  type Change,
  type ChangeCommand,
  type ChangeState,
} from "./change.ts";
import { decide, type ChangeFacts } from "./decide.ts";
import { AUTO_POLICY, type ApprovalPolicy } from "./policy.ts";

const TWO_EYES: ApprovalPolicy = {
  name: "two-eyes",
  description: "An owner who is not the author approves.",
  clauses: [
    { id: "owner", anyOf: ["owner"], required: 1, distinctFromAuthor: true },
  ],
};

function change(o: Partial<Change> = {}): Change {
  return {
    changeId: "c1",
    pointer: "config",
    contentHash: "h1",
    baseVersion: 3,
    author: "ann",
    reviewCycle: 1,
    state: "proposed",
    ...o,
  };
}

function approval(o: Partial<Approval> = {}): Approval {
  return {
    principal: "bob",
    role: "owner",
    verdict: "approve",
    contentHash: "h1",
    reviewCycle: 1,
    ...o,
  };
}

function facts(o: Partial<ChangeFacts> = {}): ChangeFacts {
  return {
    policy: AUTO_POLICY,
    liveVersion: 3,
    approvals: [],
    activeRoles: new Map([
      ["ann", ["owner"]],
      ["bob", ["owner", "sre"]],
    ]),
    now: 1_000,
    ...o,
  };
}

const SITUATIONS = {
  auto: facts(),
  "approved by bob": facts({ policy: TWO_EYES, approvals: [approval()] }),
  "nobody approved": facts({ policy: TWO_EYES }),
  "another version is live": facts({ liveVersion: 4 }),
  vetoed: facts({ approvals: [approval({ verdict: "veto" })] }),
} as const;
type Situation = keyof typeof SITUATIONS;

type Cell = `${"ok" | "refused"}: ${ChangeState}`;
type Row = Record<Situation, Cell>;

const same = (cell: Cell): Row => ({
  auto: cell,
  "approved by bob": cell,
  "nobody approved": cell,
  "another version is live": cell,
  vetoed: cell,
});

const open = (done: Cell): Row => ({
  auto: done,
  "approved by bob": done,
  "nobody approved": "refused: proposed",
  "another version is live": "refused: superseded",
  vetoed: "refused: refused",
});

/** Every state, command and situation; a missing cell does not compile. */
const TABLE: Record<ChangeState, Record<ChangeCommand, Row>> = {
  proposed: { review: open("ok: approved"), apply: open("ok: applied") },
  approved: { review: open("ok: approved"), apply: open("ok: applied") },
  applied: {
    review: same("refused: applied"),
    apply: same("refused: applied"),
  },
  superseded: {
    review: same("refused: superseded"),
    apply: same("refused: superseded"),
  },
  refused: {
    review: same("refused: refused"),
    apply: same("refused: refused"),
  },
};

const cells = CHANGE_STATES.flatMap((state) =>
  CHANGE_COMMANDS.flatMap((command) =>
    (Object.keys(SITUATIONS) as Situation[]).map((situation) => ({
      state,
      command,
      situation,
      expected: TABLE[state][command][situation],
    })),
  ),
);

test.each(cells)(
  "$state, $command, $situation → $expected",
  ({ state, command, situation, expected }) => {
    const decision = decide(change({ state }), command, SITUATIONS[situation]);
    const outcome = decision.ok ? "ok" : "refused";
    expect(`${outcome}: ${decision.change.state}`).toBe(expected);
    const moved = decision.change.state !== state;
    const isReopened = decision.change.state === "proposed";
    expect(decision.events).toHaveLength(moved && !isReopened ? 1 : 0);
    if (!decision.ok) expect(decision.refusal.gates).not.toEqual([]);
  },
);

describe("the built-in policy", () => {
  test("approves and applies a change with nobody's help, and says so", () => {
    const reviewed = decide(change(), "review", facts());
    expect(reviewed.events).toEqual([
      { type: "change.approved", changeId: "c1", policy: "auto", at: 1_000 },
    ]);
    const applied = decide(reviewed.change, "apply", facts({ now: 2_000 }));
    expect(applied.events).toEqual([
      { type: "change.applied", changeId: "c1", policy: "auto", at: 2_000 },
    ]);
  });

  test("takes the first version of a pointer, once", () => {
    const first = change({ baseVersion: null });
    expect(decide(first, "apply", facts({ liveVersion: null })).ok).toBe(true);
    expect(decide(first, "apply", facts({ liveVersion: 1 })).ok).toBe(false);
  });
});

describe("an approval", () => {
  const isApproved = (approvals: readonly Approval[], policy = TWO_EYES) =>
    decide(change(), "review", facts({ policy, approvals })).ok;

  test.each([
    ["of the author", { principal: "ann" }],
    ["of somebody who is not active", { principal: "eve" }],
    [
      "in a role that the person does not hold",
      { principal: "ann", role: "sre" },
    ],
    ["in a role that was not asked", { role: "sre" }],
    ["of other content", { contentHash: "h0" }],
    ["of an earlier cycle", { reviewCycle: 0 }],
  ])("%s does not count", (_, o) => {
    expect(isApproved([approval(o)])).toBe(false);
    expect(isApproved([approval(o), approval()])).toBe(true);
  });

  test("fills one place only, wherever it helps", () => {
    const policy: ApprovalPolicy = {
      name: "pair",
      description: "An owner or SRE, and an owner.",
      clauses: [
        {
          id: "any",
          anyOf: ["owner", "sre"],
          required: 1,
          distinctFromAuthor: false,
        },
        {
          id: "owner",
          anyOf: ["owner"],
          required: 1,
          distinctFromAuthor: true,
        },
      ],
    };
    const bob = approval();
    const ann = approval({ principal: "ann" });
    expect(isApproved([bob], policy)).toBe(false);
    expect(isApproved([bob, ann], policy)).toBe(true);
  });

  test("given twice is one person", () => {
    const [clause] = TWO_EYES.clauses;
    if (clause === undefined) throw new Error("the policy has a clause");
    const policy = {
      ...TWO_EYES,
      clauses: [{ ...clause, required: 2, distinctFromAuthor: false }],
    };
    expect(isApproved([approval(), approval()], policy)).toBe(false);
    expect(
      isApproved([approval(), approval({ principal: "ann" })], policy),
    ).toBe(true);
  });
});

test("a refusal lists everything unmet, with who can meet it and how", () => {
  const decision = decide(
    change(),
    "apply",
    facts({
      policy: TWO_EYES,
      liveVersion: null,
      approvals: [approval({ verdict: "veto", principal: "eve" })],
    }),
  );
  if (decision.ok) throw new Error("it is refused");
  expect(decision.refusal.gates.map(({ gate }) => gate)).toEqual([
    "not-vetoed",
    "base-is-live",
    "approvals",
  ]);
  expect(decision.refusal.gates[2]).toMatchObject({
    satisfiableBy: ["owner"],
    call: "approve the change",
  });
});

const someApproval = fc.record({
  principal: fc.constantFrom("ann", "bob", "cat"),
  role: fc.constantFrom("owner", "sre"),
  verdict: fc.constant("approve" as const),
  contentHash: fc.constantFrom("h1", "h0"),
  reviewCycle: fc.constantFrom(1, 2),
});
const somePolicy = fc.record({
  name: fc.constant("p"),
  description: fc.constant(""),
  clauses: fc.array(
    fc.record({
      id: fc.constantFrom("x", "y"),
      anyOf: fc.subarray(["owner", "sre"], { minLength: 1 }),
      required: fc.integer({ min: 1, max: 2 }),
      distinctFromAuthor: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});

test("one more approval never takes an approval away, and order does not matter", () => {
  const list = fc.array(someApproval, { maxLength: 6 });
  fc.assert(
    fc.property(somePolicy, list, someApproval, (policy, approvals, more) => {
      const ask = (rows: readonly Approval[]) =>
        decide(change(), "review", facts({ policy, approvals: rows })).ok;
      expect(ask(approvals.toReversed())).toBe(ask(approvals));
      if (ask(approvals)) expect(ask([...approvals, more])).toBe(true);
    }),
  );
});
