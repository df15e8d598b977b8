import {
  ApiError,
  PERMISSIONS,
  roleHas,
  type Permission,
  type Principal,
  type Role,
} from "@recsys/contracts";
import type { KeyFacts } from "./key-cache.ts";

/** Who sends a request, for which tenant, and what the caller may do. */
export interface Caller {
  readonly tenant: string;
  readonly role: Role;
  readonly principal: Principal;
}

export interface AuthOptions {
  readonly findKey: (key: string) => KeyFacts | null | Promise<KeyFacts | null>;
  readonly apiKeyEnabled: boolean;
  readonly devAuthEnabled: boolean;
  /** Lower case. */
  readonly tenantHeader: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Who the caller is, from an API key or, in development on loopback, from the
 * tenant header alone. Everything that names a tenant has to agree. Returns at
 * once for known keys; throws ApiError UNAUTHENTICATED or TENANT_MISMATCH.
 */
export function authenticate(
  headers: Headers,
  options: AuthOptions,
): Caller | Promise<Caller> {
  const tenant = single(headers[options.tenantHeader]);
  const key = presentedKey(headers);
  if (key === null) return developmentCaller(headers, tenant, options);
  if (!options.apiKeyEnabled) {
    throw new ApiError("UNAUTHENTICATED", {
      detail: "API keys are switched off (API_KEY_ENABLED=false).",
      fix: null,
    });
  }
  const found = options.findKey(key);
  return found instanceof Promise
    ? found.then((facts) => keyCaller(facts, tenant))
    : keyCaller(found, tenant);
}

/** Throws FORBIDDEN unless the caller's role has the permission. */
export function requirePermission(
  caller: Caller,
  permission: Permission,
): void {
  if (roleHas(caller.role, permission)) return;
  throw new ApiError("FORBIDDEN", {
    detail: `This needs the permission ${permission}, which starts with the role ${PERMISSIONS[permission].role}; these credentials have the role ${caller.role}.`,
  });
}

function keyCaller(facts: KeyFacts | null, tenant: string | null): Caller {
  if (facts === null) {
    throw new ApiError("UNAUTHENTICATED", {
      detail: "The API key is unknown, revoked or expired.",
    });
  }
  if (tenant !== null && tenant !== facts.tenant) {
    throw new ApiError("TENANT_MISMATCH");
  }
  return {
    tenant: facts.tenant,
    role: facts.role,
    principal: { id: `key:${facts.name}`, kind: "service" },
  };
}

function developmentCaller(
  headers: Headers,
  tenant: string | null,
  options: AuthOptions,
): Caller {
  const isAllowed = options.devAuthEnabled && namesLoopback(headers["host"]);
  if (!isAllowed) throw new ApiError("UNAUTHENTICATED");
  if (tenant === null) {
    throw new ApiError("UNAUTHENTICATED", {
      detail: `Send the tenant in the header ${options.tenantHeader}, or an API key.`,
      fix: `Send \`${options.tenantHeader}: <tenant>\` (\`npm start\` has the tenant demo), or \`Authorization: Bearer <API key>\`.`,
    });
  }
  const id = single(headers["x-dev-user"]) ?? "dev";
  return { tenant, role: "admin", principal: { id, kind: "human" } };
}

/** A page of another site that resolves its own name to this machine sends that name. */
export function namesLoopback(host: string | string[] | undefined): boolean {
  const name = single(host)?.replace(/:\d+$/, "");
  return (
    name === "localhost" ||
    name === "[::1]" ||
    (name !== undefined && /^127(\.\d{1,3}){3}$/.test(name))
  );
}

function presentedKey(headers: Headers): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(
    single(headers["authorization"]) ?? "",
  );
  const keys = [bearer?.[1], single(headers["x-api-key"]) ?? undefined];
  const [first, second] = keys.filter((key) => key !== undefined);
  if (second !== undefined && second !== first) {
    throw new ApiError("UNAUTHENTICATED", {
      detail: "Authorization and X-API-Key name different keys.",
      fix: "Send one of them.",
    });
  }
  if (first === undefined && headers["authorization"] !== undefined) {
    throw new ApiError("UNAUTHENTICATED", {
      detail: "Authorization has to be `Bearer <API key>`.",
    });
  }
  return first ?? null;
}

function single(value: string | string[] | undefined): string | null {
  if (value === undefined || value === "") return null;
  return typeof value === "string" ? value : (value[0] ?? null);
}
