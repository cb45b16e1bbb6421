import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import type * as z from "zod";
import { type Company, DeletionInput, type Invitation, InvitationInput } from "./contract.ts";
import { prepareInvitation } from "./invitations.ts";
import { askForDeletion } from "./leaving.ts";

/** What of the company itself it can have approved. To keep one that leaves asks nobody. */
export const companyPolicies: readonly PolicyInfo[] = [
  { key: "company-deletion", about: "Have the company deleted in 30 days, with all its costs and files" },
];

/** A company that has roles approved has invitations approved too: they give one. */
export const invitationChange: ChangeKind<z.output<typeof InvitationInput>, Invitation> = {
  key: "member.invite",
  policy: "roles",
  payload: InvitationInput,
  apply: prepareInvitation,
  describe: ({ email, role }, { scope, unitId }) =>
    `Invite ${email} with the role ${role.key}, ${scope === null ? "for the whole company" : "for a part of the costs"}${unitId === null ? "" : ", in a unit"}.`,
};

export const deletionChange: ChangeKind<z.output<typeof DeletionInput>, Company> = {
  key: "company.delete",
  policy: "company-deletion",
  payload: DeletionInput,
  apply: async (ctx, payload) => ({ result: await askForDeletion(ctx, payload) }),
  describe: ({ name, leavesAt }) =>
    `Delete the company "${name}" on ${leavesAt?.slice(0, 10)}, with all its costs and files, and shut it at once.`,
};

export const companyChanges = [invitationChange, deletionChange] as const;
