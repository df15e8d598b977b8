import { ITEM_STATE } from "../catalogue-columns.ts";
import { brokenLabel } from "../policy-labels.ts";
import type { Filter } from "./filter.ts";

/** What classifiers or moderators say of an item, against the policy of the place and the person. */
export const policyLabel: Filter = {
  reason: "policy_label",
  text: "is not shown here by the content policy",
  prepare({ thresholds, rules, catalogue, now }) {
    if (thresholds.size === 0) return null;
    const { decided } = rules.compiled;
    const { state } = catalogue.columns;
    const { labelled } = ITEM_STATE;
    const find = (position: number): string | null => {
      const item = catalogue.items[position];
      return item ? brokenLabel(item, { thresholds, decided, now }) : null;
    };
    return {
      // One byte answers for most items.
      removes: (position) =>
        ((state[position] ?? 0) & labelled) === 0 && decided.size === 0
          ? false
          : find(position) !== null,
      detail: (position) => `policy_label:${find(position) ?? ""}`,
    };
  },
};
