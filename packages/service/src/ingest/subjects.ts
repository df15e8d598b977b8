import type { Identity } from "@recsys/store";
import {
  identityOf,
  pseudonymOf,
  type Identifiers,
  type PersonKind,
} from "../auth/pseudonym.ts";

/** Makes identities of one tenant's identifiers. */
export function identities(secret: Buffer) {
  const make = (kind: PersonKind, id: string): Identity => ({
    kind,
    externalId: id,
    pseudonym: pseudonymOf(secret, kind, id),
  });
  return {
    make,
    /** Whom a row is about; null when it names nobody. */
    subjectOf(ids: Identifiers): Identity | null {
      const found = identityOf(ids);
      return found === null ? null : make(found.kind, found.id);
    },
    /** The session, where it was named beside a person. */
    sessionOf(ids: Identifiers): Identity | null {
      const isBeside =
        ids.user_id !== undefined || ids.anonymous_id !== undefined;
      return isBeside && ids.session_id !== undefined
        ? make("session", ids.session_id)
        : null;
    },
  };
}
