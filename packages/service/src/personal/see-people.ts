import {
  ApiError,
  DAY_MS,
  roleHas,
  type DecisionRecord,
} from "@recsys/contracts";
import { recordAccess, type NewAccess, type TenantTx } from "@recsys/store";
import { requirePermission, type Caller } from "../auth/authenticate.ts";
import { exportHash } from "../auth/pseudonym.ts";
import type { ServiceContext } from "../context.ts";

/** Header that says what personal records are read for. */
const PURPOSE_HEADER = "x-purpose";
const MOST_PURPOSE = 500;
/** How long what was handed out may be kept. */
export const EXPORT_DAYS = 30;

/** Who reads, as every handler of a route has it. */
export interface Reader {
  readonly context: ServiceContext;
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The key of a person as the reader may see it; null stays null. */
interface KeyOf {
  (userKey: string): string;
  (userKey: string | null): string | null;
}

/** What the reader may see of people. */
export interface Sight {
  readonly isPersonal: boolean;
  readonly purpose: string | null;
  /** The key of a person, or its pseudonym where the reader may see no more. */
  readonly keyOf: KeyOf;
  /** A decision without the history and the traits of its person where the reader may not see them. */
  decision(record: DecisionRecord): DecisionRecord;
}

type Looked = Pick<NewAccess, "kind" | "userKey" | "decisionId" | "rows">;

/**
 * The one way to personal records: says what the reader may see, and writes
 * the access record into the transaction that reads. Who lacks personal:read
 * sees pseudonyms.
 */
export async function seePeople(
  tx: TenantTx,
  reader: Reader,
  looked: Looked & {
    readonly namespace: string;
    /** Whom an approved report is about, who need not be named to be read. */
    readonly about?: string;
    /** Where it was said before, instead of in the header. */
    readonly purpose?: string;
  },
): Promise<Sight> {
  const { caller } = reader;
  const { namespace, about, purpose, ...what } = looked;
  // Whoever could ask for one person would know whose pseudonym it is.
  if (what.userKey !== undefined) requirePermission(caller, "personal:read");
  const sight = sightOf(reader);
  await recordAccess(tx, namespace, {
    ...what,
    ...(about === undefined ? {} : { userKey: about }),
    actor: caller.principal.id,
    actorKind: caller.principal.kind,
    shown: sight.isPersonal ? "personal" : "pseudonyms",
    purpose: purpose ?? sight.purpose,
  });
  return sight;
}

/**
 * Lets an export go out: it needs personal:read and a purpose, and the record
 * says until when it may be kept. Returns that moment, Unix milliseconds.
 */
export async function permitExport(
  reader: Reader,
  looked: Pick<NewAccess, "userKey"> & { readonly namespace: string },
): Promise<number> {
  const { context, caller } = reader;
  requirePermission(caller, "personal:read");
  const purpose = purposeOf(reader);
  if (purpose === null) {
    throw badPurpose("required", "is needed: say what the export is for");
  }
  const expiresAt = context.clock() + EXPORT_DAYS * DAY_MS;
  const { namespace, ...what } = looked;
  await context.store.inTenant(caller.tenant, (tx) =>
    recordAccess(tx, namespace, {
      ...what,
      kind: "export",
      actor: caller.principal.id,
      actorKind: caller.principal.kind,
      shown: "pseudonyms",
      purpose,
      expiresAt,
    }),
  );
  return expiresAt;
}

function sightOf(reader: Reader): Sight {
  const { context, caller } = reader;
  const isPersonal = roleHas(caller.role, "personal:read");
  const purpose = purposeOf(reader);
  if (isPersonal) {
    const same = <T>(value: T): T => value;
    return { isPersonal, purpose, keyOf: same, decision: same };
  }
  const { exposureHashSalt } = context.config;
  const hash = (key: string): string =>
    exportHash(exposureHashSalt, caller.tenant, key);
  function keyOf(key: string): string;
  function keyOf(key: string | null): string | null;
  function keyOf(key: string | null): string | null {
    return key === null ? null : hash(key);
  }
  return {
    isPersonal,
    purpose,
    keyOf,
    decision: (record) => ({
      ...record,
      subject: keyOf(record.subject),
      user_state: {
        events: [],
        traits: {},
        consent: record.user_state.consent,
        bucket_key: keyOf(record.user_state.bucket_key),
      },
    }),
  };
}

/** What the reading is for, as the header says it. Throws INVALID_REQUEST for what cannot be kept. */
function purposeOf({ headers }: Reader): string | null {
  const text = headers[PURPOSE_HEADER];
  if (typeof text !== "string" || text.trim() === "") return null;
  const purpose = text.trim();
  if (purpose.length > MOST_PURPOSE) {
    throw badPurpose("length", `has more than ${MOST_PURPOSE} characters`);
  }
  return purpose;
}

function badPurpose(code: string, message: string): ApiError {
  return new ApiError("INVALID_REQUEST", {
    errors: [{ path: "/headers/x-purpose", code, message }],
  });
}
