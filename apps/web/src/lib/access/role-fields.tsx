import type { Scope } from "@finops/capabilities/people/contract";
import { Select } from "@finops/ui/primitives/select";
import { useQuery } from "@tanstack/react-query";
import { ScopeField } from "../cost-filter/scope-field.tsx";
import { rolesQuery, unitsQuery } from "../people-queries.ts";
import { unitPath } from "../unit-path.ts";

/** A role, for the costs of a unit, for a part of them, or for all. */
export interface RoleGift {
  role: string;
  unitId: string | null;
  scope: Scope;
}

export const usualGift: RoleGift = { role: "viewer", unitId: null, scope: null };

/** What of a role is given beside what somebody has. */
export function RoleFields({ gift, onChange }: { gift: RoleGift; onChange: (gift: RoleGift) => void }) {
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  // Owners are made in the company, by an owner.
  const roles = (list?.roles ?? []).filter((one) => one.key !== "owner");
  return (
    <>
      <Select
        label="Role"
        value={gift.role}
        options={roles.map((one) => ({ value: one.key, label: one.name }))}
        onChange={(role) => onChange({ ...gift, role })}
      />
      <Select
        label="In"
        value={gift.unitId ?? ""}
        options={[
          { value: "", label: "The whole company" },
          ...(units ?? []).map((unit) => ({ value: unit.id, label: unitPath(units ?? [], unit.id) })),
        ]}
        onChange={(unitId) => onChange({ ...gift, unitId: unitId === "" ? null : unitId })}
      />
      <ScopeField scope={gift.scope} onChange={(scope) => onChange({ ...gift, scope })} />
    </>
  );
}
