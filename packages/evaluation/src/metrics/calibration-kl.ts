import type { ListMetric } from "../metric.ts";
import { tasteDivergence } from "./taste-divergence.ts";

const ALPHA = 0.01;

/**
 * How far a list strays from its user's taste: p from the history, q from the
 * list, each item spreading its weight equally over its categories;
 * KL = sum over g with p > 0 of p ln(p / ((1 - alpha) q + alpha p)).
 * Steck, Calibrated recommendations, RecSys (2018).
 * Range 0..ln(1/alpha). null for a history without categories; items without categories are ignored.
 */
export const calibrationKl: ListMetric = {
  kind: "list",
  name: "calibration_kl",
  cut: "optional",
  better: "lower",
  range: [0, Math.log(1 / ALPHA)],
  needs: ["categories"],
  score: ({ items, history = [] }, { categories = new Map() }) =>
    tasteDivergence({ history, items, categories, alpha: ALPHA }).kl,
};
