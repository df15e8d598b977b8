/** Processor and wall seconds; all threads of the process count. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

export interface Stopwatch {
  /** The cost since the last call. */
  lap(): Cost;
}

export function stopwatch(): Stopwatch {
  let cpu = process.cpuUsage();
  let wall = process.hrtime.bigint();
  return {
    lap() {
      const used = process.cpuUsage(cpu);
      const now = process.hrtime.bigint();
      const cost = {
        cpu: (used.user + used.system) / 1e6,
        wall: Number(now - wall) / 1e9,
      };
      cpu = process.cpuUsage();
      wall = now;
      return cost;
    },
  };
}

export function measure(work: () => void): Cost {
  const watch = stopwatch();
  work();
  return watch.lap();
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** The medians of several runs. */
export function medianCost(costs: readonly Cost[]): Cost {
  return {
    cpu: median(costs.map((cost) => cost.cpu)),
    wall: median(costs.map((cost) => cost.wall)),
  };
}

/** Enough digits for a microsecond as for a minute. */
export function seconds(s: number): string {
  if (s < 1e-3) return `${(s * 1e6).toFixed(1)} µs`;
  return s < 1 ? `${(s * 1e3).toFixed(1)} ms` : `${s.toFixed(2)} s`;
}
