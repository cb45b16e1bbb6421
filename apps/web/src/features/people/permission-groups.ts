import type { RoleList } from "@finops/capabilities/people/contract";

type PermissionInfo = RoleList["permissions"][number];

const groups = [
  { name: "Costs", resources: ["costs", "exports", "views", "budgets", "metrics", "alerts"] },
  { name: "Bills", resources: ["sources", "imports"] },
  { name: "People", resources: ["members", "access", "owners", "scim"] },
  { name: "Company", resources: ["settings", "keys", "company"] },
  { name: "Audit", resources: ["audit"] },
];

/** Permissions by what they are about; one of a resource that has no group yet stands at the end. */
export function groupPermissions(
  permissions: readonly PermissionInfo[],
): { name: string; permissions: PermissionInfo[] }[] {
  const known = groups.flatMap(({ resources }) => resources);
  const resourceOf = ({ key }: PermissionInfo) => key.split(":")[0]!;
  return [
    ...groups.map(({ name, resources }) => ({
      name,
      permissions: permissions.filter((one) => resources.includes(resourceOf(one))),
    })),
    { name: "Other", permissions: permissions.filter((one) => !known.includes(resourceOf(one))) },
  ].filter((group) => group.permissions.length > 0);
}

/** A key for a role of that name: what the API takes, and what no other role has. */
export function roleKeyOf(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 36);
  const start = plain === "" ? "role" : plain;
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? start : `${start}-${number}`;
    if (!taken.includes(key)) return key;
  }
}
