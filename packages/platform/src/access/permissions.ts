/** What can be allowed, with a line of meaning each. Stored roles name these keys. */
export const permissionCatalog = {
  "costs:read": "See costs, reports and rows of bills",
  "sources:read": "See where bills come from and how their imports went, with the totals of whole bills",
  "sources:write": "Add, change and remove sources of bills",
  "imports:write": "Import, reprocess, roll back and remove bills",
  "exports:write": "Export cost data",
  "views:write": "Share views, dashboards and reports, and change those that are shared",
  "budgets:write": "Make, change and delete budgets",
  "metrics:write": "Make, change and delete unit metrics, and write their values, which budgets may follow",
  "alerts:read": "See alerts and the rules that make them, with the figures that they tell",
  "alerts:write":
    "Make, change and delete rules of alerts, acknowledge, snooze and resolve alerts, and say where they go",
  "members:read": "See who belongs to the company, its groups, roles and units",
  "members:write": "Invite people, change their roles, groups and units, and remove them",
  "access:write": "Give and revoke access for a time or a part of the costs, and make roles",
  "owners:write": "Make and remove owners of the company",
  "keys:write": "Create and revoke API keys",
  "scim:write": "Let an identity provider make, change and deactivate people and its groups (SCIM)",
  "settings:write": "Change the company's settings",
  "company:leave": "Take everything of the company along, and have it deleted",
  "audit:read": "See who changed what, and who may do what",
  "audit:write": "Put old parts of the audit away into files",
} as const;

export type Permission = keyof typeof permissionCatalog;

export const allPermissions: readonly Permission[] = Object.keys(permissionCatalog) as Permission[];

/** What can be limited to some rows of costs. Everything else is about the whole company, so only a role without a limit gives it. */
export const limitedPermissions: ReadonlySet<string> = new Set<Permission>([
  "costs:read",
  "exports:write",
  "views:write",
  "budgets:write",
  "alerts:read",
  "alerts:write",
]);

const readPermissions: readonly Permission[] = ["costs:read", "alerts:read", "sources:read", "members:read"];

/**
 * The roles that every company starts with. Their permissions stand here, so that a new permission needs no migration.
 * Names follow the personas of the FinOps Framework (https://www.finops.org/framework/personas) where it has one.
 */
export const builtInRoles = {
  owner: { name: "Owner", permissions: allPermissions },
  admin: {
    name: "Administrator",
    permissions: allPermissions.filter((permission) => permission !== "owners:write" && permission !== "company:leave"),
  },
  finops: {
    name: "FinOps practitioner",
    permissions: [
      ...readPermissions,
      "sources:write",
      "imports:write",
      "exports:write",
      "views:write",
      "budgets:write",
      "metrics:write",
      "alerts:write",
    ],
  },
  finance: {
    name: "Finance",
    permissions: [...readPermissions, "exports:write", "views:write", "budgets:write", "metrics:write", "alerts:write"],
  },
  engineer: { name: "Engineering", permissions: [...readPermissions, "exports:write", "alerts:write"] },
  viewer: { name: "Viewer", permissions: readPermissions },
  auditor: { name: "Auditor", permissions: [...readPermissions, "exports:write", "audit:read"] },
} as const satisfies Record<string, { name: string; permissions: readonly Permission[] }>;

export type BuiltInRole = keyof typeof builtInRoles;

/** Keys that built-in roles had before, as scripts and shared documents may still have them. */
const earlierKeys: Readonly<Record<string, BuiltInRole>> = { analyst: "finops" };

/** The key that a role has now, by this one or by one that it had before. */
export function currentRoleKey(key: string): string {
  return Object.hasOwn(earlierKeys, key) ? earlierKeys[key]! : key;
}

/** What a role allows: a built-in role by the table above, any other by its stored permissions. */
export function computeRolePermissions(roleKey: string, stored: readonly string[]): ReadonlySet<string> {
  if (Object.hasOwn(builtInRoles, roleKey)) return new Set(builtInRoles[roleKey as BuiltInRole].permissions);
  return new Set(stored);
}
