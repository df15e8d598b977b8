import type { Caller } from "../auth/authenticate.ts";
import type { Asked } from "./normalise.ts";

/** One request for a list, with who asks. */
export interface ListCall {
  readonly caller: Caller;
  readonly requestId: string;
  readonly asked: Asked;
  /** Whether an operator wants the whole trace in the log. */
  readonly isTraced: boolean;
  /** The header Accept-Language, where one was sent. */
  readonly acceptLanguage?: string;
  /** Lists of the same person that stand before it on the same page. */
  readonly earlier?: {
    readonly requestIds: readonly string[];
    readonly itemIds: readonly string[];
  };
}
