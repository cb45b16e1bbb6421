import type { Unit } from "@finops/capabilities/people/contract";

export const unitKindWords: Record<Unit["kind"], string> = {
  department: "Department",
  team: "Team",
  "cost-center": "Cost center",
};
