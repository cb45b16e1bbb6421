import type { ChangeRequest } from "@finops/capabilities/approvals/contract";

type State = ChangeRequest["state"];

export const stateWords: Readonly<
  Record<State, { label: string; tone: "accent" | "good" | "neutral" | "warning" | "bad" }>
> = {
  requested: { label: "Waits", tone: "accent" },
  approved: { label: "Approved, not made", tone: "warning" },
  applied: { label: "Made", tone: "good" },
  rejected: { label: "Rejected", tone: "bad" },
  withdrawn: { label: "Taken back", tone: "neutral" },
  expired: { label: "Lapsed", tone: "neutral" },
};

/** How far a change is: "Waits for 2 of 3 approvals". */
export function approvalsLeft({ decisions, peopleNeeded }: Pick<ChangeRequest, "decisions" | "peopleNeeded">): string {
  const given = decisions.filter(({ isApproval }) => isApproval).length;
  return `${given} of ${peopleNeeded} ${peopleNeeded === 1 ? "approval" : "approvals"}`;
}

export function people(count: number): string {
  return count === 1 ? "one other person" : `${count} other people`;
}
