import type { AccessReason, Role, Unit } from "@finops/capabilities/people/contract";
import { formatInstant } from "@finops/ui/text/format-day";
import { unitPath } from "../../lib/unit-path.ts";

/** Through what somebody has a permission: "Viewer, given to the group Cloud, in Engineering, until 1 Dec 2026, 12:00 UTC". */
export function reasonWords(
  { grantId, role, group, ruleId, delegatedBy, unitId, validUntil }: AccessReason,
  { roles, units }: { roles: readonly Pick<Role, "key" | "name">[]; units: readonly Unit[] },
): string {
  const name = role === null ? "What the key was made with" : (roles.find((one) => one.key === role)?.name ?? role);
  const how =
    group !== null
      ? `given to the group ${group.name}`
      : delegatedBy !== null
        ? "delegated"
        : ruleId !== null
          ? "given by a rule"
          : grantId !== null
            ? "given beside the role"
            : "role in the company";
  return [
    name,
    role === null ? null : how,
    unitId === null ? null : `in ${unitPath(units, unitId) || "a unit"}`,
    validUntil === null ? null : `until ${formatInstant(validUntil)}`,
  ]
    .filter((part) => part !== null)
    .join(", ");
}
