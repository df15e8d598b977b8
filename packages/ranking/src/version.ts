/**
 * Version of the ranking algorithm, named by every decision. Raised whenever
 * the same record could give another slate: replay promises identity only
 * within one version.
 */
export const ALGO_VERSION = "2";
