import { createHmac, timingSafeEqual } from "node:crypto";
import { keyOf } from "../auth/pseudonym.ts";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ApiError } from "@recsys/contracts";

/** What one page hands to the next: the items shown so far. */
export interface PageState {
  readonly namespace: string;
  readonly surface: string;
  readonly shown: readonly string[];
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

/** The state in a token. Throws INVALID_REQUEST when it was not made here for this tenant, namespace and surface. */
export function decodePageToken(
  secret: Buffer,
  token: string,
  page: { readonly namespace: string; readonly surface: string },
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
  if (state.namespace !== page.namespace || state.surface !== page.surface) {
    throw invalidToken("belongs to another surface or namespace");
  }
  return state;
}

function sign(secret: Buffer, payload: Buffer): Buffer {
  return createHmac("sha256", keyOf(secret))
    .update("page-token:")
    .update(payload)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}

function invalidToken(message: string): ApiError {
  return new ApiError("INVALID_REQUEST", {
    errors: [{ path: "/page_token", code: "page_token", message }],
  });
}
