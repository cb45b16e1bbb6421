import type { Member } from "@finops/capabilities/people/contract";
import type { PeopleSearch } from "./people-search.ts";

/** Those who pass every filter of the page; what is typed is the table's own. */
export function filterMembers(members: readonly Member[], { role, unit, group, costs }: PeopleSearch): Member[] {
  return members.filter(
    (member) =>
      (role === undefined || member.role.key === role) &&
      (unit === undefined || member.unitId === unit) &&
      (group === undefined || member.groups.some((one) => one.id === group)) &&
      (costs === undefined || (costs === "part") === (member.scope !== null)),
  );
}
