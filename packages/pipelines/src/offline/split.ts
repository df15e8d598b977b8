import {
  positionsWhere,
  selectRows,
  type EventColumns,
} from "../interactions/event-columns.ts";

/** Rows before the moment train, rows from it on (and before `end`) test. */
export function splitByTime(
  events: EventColumns,
  at: number,
  end = Infinity,
): { readonly train: EventColumns; readonly test: EventColumns } {
  const ts = (row: number) => events.ts[row] ?? 0;
  return {
    train: selectRows(
      events,
      positionsWhere(events, (row) => ts(row) < at),
    ),
    test: selectRows(
      events,
      positionsWhere(events, (row) => ts(row) >= at && ts(row) < end),
    ),
  };
}
