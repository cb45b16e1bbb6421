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

/** `1 of 2`: how many of the approvals that it needs it has. */
export function approvalsGiven({ decisions, peopleNeeded }: Pick<ChangeRequest, "decisions" | "peopleNeeded">): string {
  return `${decisions.filter(({ isApproval }) => isApproval).length} of ${peopleNeeded}`;
}

export function people(count: number): string {
  return count === 1 ? "one other person" : `${count} other people`;
}
