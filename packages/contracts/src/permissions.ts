/** Every permission, with the least role that has it. */
export const PERMISSIONS = {
  "recommend:read": { role: "viewer", description: "Ask for lists." },
  "recommend:override": {
    role: "operator",
    description:
      "Override knobs, weights, time, seed and experiments in a request.",
  },
  "catalogue:read": { role: "viewer", description: "Read items." },
  "catalogue:write": {
    role: "operator",
    description: "Write and delete items.",
  },
  "events:write": {
    role: "operator",
    description: "Write users, events, exposures and outcomes.",
  },
  "records:read": {
    role: "viewer",
    description:
      "Read decisions, events, exposures, outcomes and users, people as pseudonyms and without their histories and traits.",
  },
  "personal:read": {
    role: "operator",
    description:
      "See people as themselves in what is read, with histories and traits, and export it. Each reading is recorded with its purpose.",
  },
  "audience:read": {
    role: "viewer",
    description:
      "Find the people who may like an item; as pseudonyms without personal:read.",
  },
  "uploads:write": { role: "operator", description: "Upload files." },
  "config:read": {
    role: "viewer",
    description: "Read configuration, rules and manifests.",
  },
  "config:write": {
    role: "admin",
    description: "Change configuration and rules.",
  },
  "overrides:write": {
    role: "operator",
    description: "Boost or suppress one item by hand for a time.",
  },
  "reports:write": {
    role: "operator",
    description: "Report items for customers, and appeal against decisions.",
  },
  "moderation:read": {
    role: "operator",
    description: "Read reports, and how they were decided.",
  },
  "moderation:decide": {
    role: "operator",
    description: "Decide reports and appeals: give an item a label for a time.",
  },
  "fallbacks:write": {
    role: "operator",
    description: "Replace a fallback list at once.",
  },
  "pipelines:read": { role: "viewer", description: "Read runs and freshness." },
  "pipelines:run": { role: "operator", description: "Start pipeline runs." },
  "manifest:activate": {
    role: "admin",
    description: "Activate or roll back a manifest.",
  },
  "namespaces:write": {
    role: "admin",
    description: "Empty and copy namespaces.",
  },
  "audit:list": {
    role: "viewer",
    description:
      "Read who changed what and when in the administrative audit log.",
  },
  "audit:read": {
    role: "admin",
    description:
      "See the contents of the administrative audit log, and who has read personal records.",
  },
} as const satisfies Record<
  string,
  { readonly role: Role; readonly description: string }
>;

export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];
export type Permission = keyof typeof PERMISSIONS;

/** Whether the role, or a lower one, has the permission. */
export function roleHas(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission].role);
}

/** Who acts: a person or a service (ruling of the operating model: who may approve). */
export interface Principal {
  readonly id: string;
  readonly kind: "human" | "service";
}
