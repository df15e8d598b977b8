/**
 * What the TypeScript face calls. A call is one chunk of a job: `args` points
 * at the job's 32-bit words, `scratch` at the thread's own room.
 */
export { alsRows } from "./als-rows";
export { gramRows, turnRows } from "./dense";
export {
  factoriseTile,
  choleskyColumn,
  inverseColumn,
  inverseProduct,
} from "./cholesky";
export { sparseRows, pairRows } from "./pairs";
export { ridge } from "./ridge";
export { scanFloats, scanBytes, rankExactly } from "./scan";
