import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { safeError } from "./log-error.ts";

test("keeps the path in an error of the system, whose code looks like an SQLSTATE", () => {
  const error = Object.assign(new Error("EPERM: not permitted, open '/x'"), {
    code: "EPERM",
    errno: -1,
    syscall: "open",
  });
  expect(safeError(error).message).toBe("EPERM: not permitted, open '/x'");
  try {
    writeFileSync("/", "");
    expect.unreachable();
  } catch (real) {
    expect(safeError(real).message).toMatch(/^E[A-Z]+: .*'\/'$/);
  }
});

test("keeps of an error of the database its code alone", () => {
  const error = Object.assign(new Error('Key (id)=("ann") exists'), {
    code: "23505",
    severity: "ERROR",
  });
  expect(safeError(error).message).toBe("SQLSTATE 23505");
});
