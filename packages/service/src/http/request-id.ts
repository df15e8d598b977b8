import { randomBytes } from "node:crypto";
import { hash64 } from "@recsys/contracts";

/**
 * UUIDv7 whose first 12 + 16 random bits are a tag of the tenant: ids sort by
 * time, and an id of another tenant is recognised without a look-up
 * (RFC 9562, section 5.7). Without a tenant the tag is zero.
 */
export function makeRequestId(tenant: string | null, now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  const tag = tenant === null ? 0 : tenantTag(tenant);
  bytes.writeUInt16BE(0x7000 | (tag >>> 16), 6);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  bytes.writeUInt16BE(tag & 0xffff, 9);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Whether the id may be one of this tenant's; false for certain when the tag differs. */
export function hasTagOf(requestId: string, tenant: string): boolean {
  const hex = requestId.replaceAll("-", "");
  const high = Number.parseInt(hex.slice(13, 16), 16);
  const low = Number.parseInt(hex.slice(18, 22), 16);
  return ((high << 16) | low) >>> 0 === tenantTag(tenant);
}

/** 28 bits of the tenant's hash. */
function tenantTag(tenant: string): number {
  return (hash64(tenant)[0] & 0x0fffffff) >>> 0;
}
