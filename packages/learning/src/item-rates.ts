import { RATE_NAMES, type RateName } from "@recsys/contracts";
import { fitBetaPrior, smoothedRate } from "./beta-prior.ts";
import { calibrate, type Calibration } from "./calibration.ts";
import { checkItemCounts, type ItemCounts } from "./item-counts.ts";
import { stored } from "./layout.ts";
import { resolveParameters } from "./parameters.ts";
import { largest } from "./ranked-lists.ts";
import { RATES } from "./rates.ts";
import type { Signal } from "./signal.ts";

const parameters = {
  prior_least: {
    default: 1,
    minimum: 0.01,
    maximum: 1000000,
    unit: "trials",
    description: "Least strength of the prior of a rate.",
  },
  prior_most: {
    default: 10000,
    minimum: 0.01,
    maximum: 1000000,
    unit: "trials",
    description:
      "Largest strength of the prior of a rate: what items get that differ no more than chance would have them.",
  },
} as const;

/**
 * What happens to an item that is shown: clicks, purchases and hides per
 * showing, returns per purchase, each smoothed by a Beta prior that is fitted
 * to all items (`fitBetaPrior`), and its share of all showings. A showing is
 * a confirmed exposure where there are any, else a view. Calibration: linear,
 * value = rate / largest smoothed rate, so that twice the value is twice the
 * rate; `exposure` is log, ln(1 + n) / ln(1 + largest n). An item of which
 * nothing is known has the rate of the prior, and exposure 0. Source:
 * Robbins, "An empirical Bayes approach to statistics" (1956).
 */
export const itemRates: Signal<"item-rates"> = {
  ...stored("item-rates", RATES),
  parameters,
  compute(counts, overrides, { onProgress }) {
    const resolved = resolveParameters(parameters, overrides);
    checkItemCounts(counts);
    const rates = RATE_NAMES.map((name) => {
      const rate =
        name === "exposure"
          ? exposureOf(counts)
          : rateOf(name, counts, resolved);
      return [name, rate] as const;
    });
    const pick = <K extends keyof Rate>(key: K) =>
      Object.fromEntries(
        rates.map(([name, rate]) => [name, rate[key]]),
      ) as Record<RateName, Rate[K]>;
    onProgress?.(1);
    return {
      ids: counts.items,
      values: pick("values"),
      typical: pick("typical"),
      calibrations: pick("calibration"),
      parameters: resolved,
    };
  },
};

interface Rate {
  readonly values: Float32Array;
  readonly typical: number;
  readonly calibration: Calibration;
}

function rateOf(
  name: Exclude<RateName, "exposure">,
  counts: ItemCounts,
  limits: { readonly prior_least: number; readonly prior_most: number },
): Rate {
  const { successes, trials } = trialsOf(name, counts);
  const prior = fitBetaPrior(
    { successes, trials },
    { least: limits.prior_least, most: limits.prior_most },
  );
  const raw = new Float64Array(counts.items.length);
  if (prior !== null) {
    trials.forEach((n, item) => {
      raw[item] = smoothedRate(successes[item] ?? 0, n, prior);
    });
  }
  const calibration = { kind: "linear", scale: largest(raw), unit: 1 } as const;
  const mean = prior === null ? 0 : smoothedRate(0, 0, prior);
  return {
    values: Float32Array.from(raw, (rate) => calibrate(calibration, rate)),
    typical: calibrate(calibration, mean),
    calibration,
  };
}

function trialsOf(name: Exclude<RateName, "exposure">, counts: ItemCounts) {
  switch (name) {
    case "click":
      return { successes: counts.clicks, trials: counts.shown };
    case "purchase":
      return { successes: counts.purchases, trials: counts.shown };
    case "hide":
      return { successes: counts.hides, trials: counts.shown };
    case "return":
      return { successes: counts.returned, trials: counts.bought };
  }
}

function exposureOf({ shown }: ItemCounts): Rate {
  const calibration = { kind: "log", scale: largest(shown), unit: 1 } as const;
  return {
    values: Float32Array.from(shown, (count) => calibrate(calibration, count)),
    typical: 0,
    calibration,
  };
}
