export {
  createClient,
  type Ask,
  type ClientOptions,
  type FallbackOption,
  type RecsysClient,
} from "./client.ts";
export { RecsysError, type FailureKind } from "./recsys-error.ts";
export { withEventIds, withExposureIds, withOutcomeIds } from "./row-ids.ts";
export type { FallbackSlate, Slate } from "./slate.ts";
export type { CallOptions } from "./transport.ts";
