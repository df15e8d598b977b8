import type { Metric } from "./metric.ts";
import { METRIC_ALIASES, METRICS } from "./metrics/index.ts";

/** A metric with its cut, from a name such as `ndcg@10`; k null means the whole list. */
export interface ParsedMetric {
  /** As it was asked. */
  readonly name: string;
  readonly metric: Metric;
  readonly k: number | null;
}

export interface MetricRefusal {
  readonly ok: false;
  readonly because: string;
}

const BY_NAME = new Map(METRICS.map((metric) => [metric.name, metric]));

/** Reads a name such as `recall@20`, `catalogue_coverage` or `r_precision`; a refusal says what is wrong with it. */
export function parseMetric(
  name: string,
): { readonly ok: true; readonly parsed: ParsedMetric } | MetricRefusal {
  const [word = "", cut, ...rest] = name.split("@");
  const metric = BY_NAME.get(METRIC_ALIASES[word] ?? word);
  if (metric === undefined) {
    return refuse(`there is no metric ${word}; known: ${knownNames()}`);
  }
  if (cut === undefined) {
    if (metric.cut === "required") {
      return refuse(`${word} needs a cut, such as ${word}@10`);
    }
    return { ok: true, parsed: { name, metric, k: null } };
  }
  if (metric.cut === "none") return refuse(`${word} takes no cut`);
  if (rest.length > 0 || !/^[1-9]\d{0,5}$/.test(cut)) {
    return refuse(`${name}: the cut must be a whole number from 1 to 999999`);
  }
  return { ok: true, parsed: { name, metric, k: Number(cut) } };
}

/** Reads all names once; throws one Error that lists everything wrong, repeated metrics included. */
export function parseMetrics(names: readonly string[]): ParsedMetric[] {
  const problems: string[] = [];
  const seen = new Map<string, ParsedMetric>();
  for (const name of names) {
    const result = parseMetric(name);
    if (!result.ok) {
      problems.push(result.because);
      continue;
    }
    const identity = metricKey(result.parsed);
    const earlier = seen.get(identity);
    if (earlier === undefined) seen.set(identity, result.parsed);
    else problems.push(`${name} is the same metric as ${earlier.name}`);
  }
  if (problems.length > 0) throw new Error(problems.join("; "));
  return [...seen.values()];
}

/** One text for a metric and its cut, whichever alias named it. */
export function metricKey(parsed: ParsedMetric): string {
  const { name } = parsed.metric;
  return parsed.k === null ? name : `${name}@${parsed.k}`;
}

function refuse(because: string): MetricRefusal {
  return { ok: false, because };
}

function knownNames(): string {
  return METRICS.map((metric) => metric.name).join(", ");
}
