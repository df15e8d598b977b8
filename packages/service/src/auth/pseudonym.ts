import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

export type PersonKind = "user" | "anonymous" | "session";

const LETTER: Readonly<Record<PersonKind, string>> = {
  user: "u",
  anonymous: "a",
  session: "s",
};

/** HMAC-SHA256 of an identifier under the tenant's secret, first 128 bits as 22 characters of base64url. */
export function pseudonymOf(
  secret: Buffer,
  kind: PersonKind,
  id: string,
): string {
  return createHmac("sha256", keyOf(secret))
    .update(`${LETTER[kind]}:${id}`)
    .digest()
    .toString("base64url", 0, 16);
}

/** Prepared keys: making one for each request costs several times the hash. */
const keys = new WeakMap<Buffer, KeyObject>();

/** The secret as a key that is prepared once. */
export function keyOf(secret: Buffer): KeyObject {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const made = createSecretKey(secret);
  keys.set(secret, made);
  return made;
}

/** Identifiers that a caller sent; a user_id wins over an anonymous_id, that over a session_id. */
export interface Identifiers {
  readonly user_id?: string | undefined;
  readonly anonymous_id?: string | undefined;
  readonly session_id?: string | undefined;
}

/** The identity that the rows of a person are stored under; null when nobody was named. */
export function identityOf(
  ids: Identifiers,
): { readonly kind: PersonKind; readonly id: string } | null {
  if (ids.user_id !== undefined) return { kind: "user", id: ids.user_id };
  if (ids.anonymous_id !== undefined) {
    return { kind: "anonymous", id: ids.anonymous_id };
  }
  if (ids.session_id !== undefined) {
    return { kind: "session", id: ids.session_id };
  }
  return null;
}

/** Hash under which exports and logs name a person: of no use to find the person without the salt. */
export function exportHash(
  salt: string,
  tenant: string,
  userKey: string,
): string {
  const tenantSalt = createHmac("sha256", salt).update(tenant).digest();
  return createHmac("sha256", tenantSalt)
    .update(userKey)
    .digest("base64url")
    .slice(0, 22);
}
