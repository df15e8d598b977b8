import { createHmac, timingSafeEqual } from "node:crypto";
import { keyOf } from "../auth/pseudonym.ts";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ApiError } from "@recsys/contracts";
import type { PageVersions } from "./page-snapshots.ts";

/** What one page hands to the next: what was shown so far, and what the first was ranked with. */
export interface PageState {
  readonly namespace: string;
  readonly surface: string;
  /** Items of the pages before. */
  readonly paged: readonly string[];
  /** What else must not repeat. */
  readonly others: readonly string[];
  readonly seed: number;
  /** Unix milliseconds: the time that ranking was given, and the end of the token. */
  readonly now: number;
  readonly expires: number;
  readonly versions: PageVersions;
}

const SIGNATURE_BYTES = 16;
const PACKED_FROM = 1500;
const PLAIN = Buffer.of(0);
const PACKED = Buffer.of(1);
const MAX_INFLATED = 2_000_000;

/** A token that only this tenant's secret could have signed. */
export function encodePageToken(secret: Buffer, state: PageState): string {
  const text = Buffer.from(JSON.stringify(state));
  // Packing a short text costs more time than it saves bytes.
  const payload =
    text.length < PACKED_FROM
      ? Buffer.concat([PLAIN, text])
      : Buffer.concat([PACKED, deflateRawSync(text)]);
  return Buffer.concat([sign(secret, payload), payload]).toString("base64url");
}

/** The state in a token. Throws INVALID_REQUEST when it was not made here for this tenant and namespace, or is too old. */
export function decodePageToken(
  secret: Buffer,
  token: string,
  at: { readonly namespace: string; readonly now: number },
): PageState {
  const bytes = Buffer.from(token, "base64url");
  const signature = bytes.subarray(0, SIGNATURE_BYTES);
  const payload = bytes.subarray(SIGNATURE_BYTES);
  const expected = sign(secret, payload);
  if (
    signature.length !== SIGNATURE_BYTES ||
    !timingSafeEqual(signature, expected)
  ) {
    throw invalidToken("was not made by this service for this tenant");
  }
  const content = payload.subarray(1);
  const text =
    payload[0] === PACKED[0]
      ? inflateRawSync(content, { maxOutputLength: MAX_INFLATED })
      : content;
  const state = JSON.parse(text.toString()) as PageState;
  if (state.namespace !== at.namespace) {
    throw invalidToken("belongs to another surface or namespace");
  }
  if (state.expires <= at.now) {
    throw invalidToken("is too old: ask for the first page again", "expired");
  }
  return state;
}

/** Throws INVALID_REQUEST for the token of another surface. */
export function requireSurface(state: PageState, surface: string): void {
  if (state.surface === surface) return;
  throw invalidToken("belongs to another surface or namespace");
}

function sign(secret: Buffer, payload: Buffer): Buffer {
  return createHmac("sha256", keyOf(secret))
    .update("page-token:")
    .update(payload)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}

function invalidToken(message: string, code = "page_token"): ApiError {
  return new ApiError("INVALID_REQUEST", {
    errors: [{ path: "/page_token", code, message }],
  });
}
