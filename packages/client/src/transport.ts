import { readAnswer } from "./read-answer.ts";
import { RecsysError } from "./recsys-error.ts";

/** How requests travel. Time and chance are parameters, so that tests need neither. */
export interface Transport {
  /** Address of the service, without a path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest that one attempt may take. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** No attempt starts later than this after the first. */
  readonly deadlineMs: number;
  readonly fetch: typeof fetch;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A draw in [0, 1) that spreads the retries of many clients. */
  readonly random: () => number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly retries?: number;
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/**
 * Posts JSON and reads JSON. What may work the next time is tried again, after
 * Retry-After or a growing random wait, as often and as long as the transport
 * allows. The body is serialised once, so every attempt sends the same ids.
 */
export async function post(
  transport: Transport,
  request: { readonly path: string; readonly body: unknown },
  options: CallOptions = {},
): Promise<object> {
  const text = JSON.stringify(request.body);
  const retries = options.retries ?? transport.retries;
  const giveUpAt = transport.now() + transport.deadlineMs;
  for (let attempt = 1; ; attempt++) {
    const sent = { path: request.path, text };
    const outcome = await attemptOnce(transport, sent, options);
    if (!(outcome instanceof RecsysError)) return outcome;
    if (!outcome.isUnavailable || attempt > retries) throw outcome;
    const waitMs = outcome.retryAfterMs ?? backoffMs(attempt, transport.random);
    if (transport.now() + waitMs > giveUpAt) throw outcome;
    await transport.sleep(waitMs, options.signal);
  }
}

/** Full jitter: anything up to the doubled bound of the last wait. */
function backoffMs(attempt: number, random: () => number): number {
  const bound = FIRST_BACKOFF_MS * 2 ** (attempt - 1);
  return random() * Math.min(bound, LONGEST_BACKOFF_MS);
}

async function attemptOnce(
  transport: Transport,
  sent: { readonly path: string; readonly text: string },
  options: CallOptions,
): Promise<object | RecsysError> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? transport.timeoutMs);
  const signal =
    options.signal === undefined
      ? timeout
      : AbortSignal.any([options.signal, timeout]);
  try {
    const response = await transport.fetch(`${transport.url}${sent.path}`, {
      method: "POST",
      headers: transport.headers,
      body: sent.text,
      signal,
    });
    return await readAnswer(response, transport.now());
  } catch (cause) {
    if (cause instanceof RecsysError) return cause;
    return failureWithoutAnswer(cause, timeout, options.signal);
  }
}

function failureWithoutAnswer(
  cause: unknown,
  timeout: AbortSignal,
  own: AbortSignal | undefined,
): RecsysError {
  if (own?.aborted === true) {
    const message = "The caller aborted the call.";
    return new RecsysError({
      kind: "aborted",
      code: "ABORTED",
      message,
      cause,
    });
  }
  if (timeout.aborted) {
    const message = "The service did not answer in time.";
    return new RecsysError({
      kind: "timeout",
      code: "TIMEOUT",
      message,
      cause,
    });
  }
  const message = "The service cannot be reached.";
  return new RecsysError({ kind: "network", code: "NETWORK", message, cause });
}
