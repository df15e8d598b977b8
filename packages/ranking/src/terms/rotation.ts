import { hashUnit } from "@recsys/contracts";
import type { Term } from "./term.ts";

const HOUR_MS = 3_600_000;

/** Lets items of nearly the same score take turns, the same way for one person during one period. */
export const rotation: Term = {
  name: "rotation",
  description:
    "A number drawn anew for each item, person and period: items of nearly the same score take turns.",
  sign: 1,
  privacy: "context",
  knobs: [
    {
      name: "rotation.period_hours",
      description: "How long a person sees the same turn.",
      kind: "number",
      default: 24,
      minimum: 0.01,
      maximum: 8760,
      unit: "hours",
    },
  ],
  prepare({ knobs, now, request, snapshot, userState }) {
    const periodMs = knobs.number("rotation.period_hours") * HOUR_MS;
    // The bucket key of a new visitor is not the one that the record keeps.
    const person = request.units?.user ?? userState.bucket_key;
    const turn = `rotation:${person}:${Math.floor(now / periodMs)}:`;
    const { ids } = snapshot.catalogue;
    return (position) => hashUnit(turn + (ids[position] ?? ""));
  },
};
