import type { ComputedNumber, NotComputable } from "@recsys/contracts";

/** A value that is absent, with the reason in words. */
export function notComputable(because: string): NotComputable {
  return { kind: "not-computable", because };
}

/** Wraps a finite number; NaN and infinities become not computable, because no report can hold them. */
export function computed(value: number): ComputedNumber {
  if (Number.isFinite(value)) return { kind: "number", value };
  return notComputable(`the arithmetic gave ${value}`);
}
