import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";

/** One line of an interval chart. */
export interface IntervalRow {
  readonly label: string;
  readonly estimate: ComputedNumber;
  readonly interval: ComputedInterval;
}

const WIDTH = 720;
const LABEL_WIDTH = 220;
const ROW_HEIGHT = 28;
const MARGIN = 24;

/**
 * Estimates with their intervals as SVG text, in the colours of the page
 * around it; a line marks 0 where the scale reaches it. Rows that are not
 * computable are left out; null when none is left.
 */
export function intervalChart(rows: readonly IntervalRow[]): string | null {
  const drawn = rows.flatMap(({ label, estimate, interval }) =>
    estimate.kind === "number" && interval.kind === "interval"
      ? [{ label, at: estimate.value, low: interval.low, high: interval.high }]
      : [],
  );
  if (drawn.length === 0) return null;
  const low = Math.min(0, ...drawn.map((row) => row.low));
  const high = Math.max(0, ...drawn.map((row) => row.high));
  const span = high - low || 1;
  const x = (value: number) =>
    round(
      LABEL_WIDTH + ((value - low) / span) * (WIDTH - LABEL_WIDTH - MARGIN),
    );
  const bottom = MARGIN + drawn.length * ROW_HEIGHT;
  const lines = drawn.map((row, i) => {
    const y = MARGIN + i * ROW_HEIGHT;
    return [
      `<text x="0" y="${y + 4}">${escape(row.label)}</text>`,
      `<line x1="${x(row.low)}" x2="${x(row.high)}" y1="${y}" y2="${y}" stroke="var(--accent, currentColor)" stroke-width="3" stroke-linecap="round"/>`,
      `<circle cx="${x(row.at)}" cy="${y}" r="5" fill="var(--accent, currentColor)"/>`,
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 8}" width="${WIDTH}" height="${bottom + 8}" fill="currentColor" font-size="13">`,
    `<line x1="${x(0)}" x2="${x(0)}" y1="8" y2="${bottom - 12}" stroke="currentColor" stroke-opacity="0.4" stroke-dasharray="3 3"/>`,
    ...lines,
    `<text x="${x(low)}" y="${bottom}" font-size="11">${round(low)}</text>`,
    `<text x="${x(high)}" y="${bottom}" font-size="11" text-anchor="end">${round(high)}</text>`,
    `</svg>`,
  ].join("");
}

function round(value: number): number {
  return Number(value.toFixed(4));
}

function escape(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
