import type {
  ComputedInterval,
  ComputedNumber,
  NotComputable,
} from "@recsys/contracts";

/** A value that is absent, with the reason in words. */
export function notComputable(because: string): NotComputable {
  return { kind: "not-computable", because };
}

/** Wraps a finite number; NaN and infinities become not computable, because no report can hold them. */
export function computed(value: number): ComputedNumber {
  if (Number.isFinite(value)) return { kind: "number", value };
  return notComputable(`the arithmetic gave ${value}`);
}

/** Wraps a finite interval in the same way. */
export function computedInterval(low: number, high: number): ComputedInterval {
  if (Number.isFinite(low) && Number.isFinite(high)) {
    return { kind: "interval", low, high };
  }
  return notComputable(`the arithmetic gave ${low} to ${high}`);
}

/** The number, unless there is a reason against it. */
export function unless(because: string | null, value: number): ComputedNumber {
  return because === null ? computed(value) : notComputable(because);
}

/** centre ± reach, unless there is a reason against it. */
export function around(
  centre: number,
  reach: number,
  because: string | null = null,
): ComputedInterval {
  if (because !== null) return notComputable(because);
  return computedInterval(centre - reach, centre + reach);
}

/** The value inside, or NaN: for arithmetic whose result is wrapped again. */
export function valueOf(number: ComputedNumber): number {
  return number.kind === "number" ? number.value : NaN;
}
