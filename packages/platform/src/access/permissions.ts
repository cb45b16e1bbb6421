/** What can be allowed, with a line of meaning each. Stored roles name these keys. */
export const permissionCatalog = {
  "costs:read": "See costs, reports and rows of bills",
  "sources:read": "See where bills come from and how their imports went",
  "sources:write": "Add, change and remove sources of bills",
  "imports:write": "Import, reprocess, roll back and remove bills",
  "exports:write": "Export cost data",
  "views:write": "Share views, dashboards and reports, and change those that are shared",
  "members:read": "See who belongs to the company",
  "members:write": "Invite people, change their roles and remove them",
  "keys:write": "Create and revoke API keys",
  "settings:write": "Change the company's settings",
  "audit:read": "See who changed what",
  "audit:write": "Put old parts of the audit away into files",
} as const;

export type Permission = keyof typeof permissionCatalog;

export const allPermissions: readonly Permission[] = Object.keys(permissionCatalog) as Permission[];

const readPermissions: readonly Permission[] = ["costs:read", "sources:read", "members:read"];

/** The roles that every company starts with. Their permissions stand here, so that a new permission needs no migration. */
export const builtInRoles = {
  owner: { name: "Owner", permissions: allPermissions },
  admin: { name: "Administrator", permissions: allPermissions },
  analyst: {
    name: "Analyst",
    permissions: [...readPermissions, "sources:write", "imports:write", "exports:write", "views:write"],
  },
  viewer: { name: "Viewer", permissions: readPermissions },
} as const satisfies Record<string, { name: string; permissions: readonly Permission[] }>;

export type BuiltInRole = keyof typeof builtInRoles;

/** What a role allows: a built-in role by the table above, any other by its stored permissions. */
export function computeRolePermissions(roleKey: string, stored: readonly string[]): ReadonlySet<string> {
  if (Object.hasOwn(builtInRoles, roleKey)) return new Set(builtInRoles[roleKey as BuiltInRole].permissions);
  return new Set(stored);
}
