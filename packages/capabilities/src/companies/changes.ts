import type { ChangeKind } from "@finops/platform/approvals/change-kind";
import type * as z from "zod";
import { type Invitation, InvitationInput } from "./contract.ts";
import { prepareInvitation } from "./invitations.ts";

/** A company that has roles approved has invitations approved too: they give one. */
export const invitationChange: ChangeKind<z.output<typeof InvitationInput>, Invitation> = {
  key: "member.invite",
  policy: "roles",
  payload: InvitationInput,
  apply: prepareInvitation,
  describe: ({ email, role }, { scope, unitId }) =>
    `Invite ${email} with the role ${role.key}, ${scope === null ? "for the whole company" : "for a part of the costs"}${unitId === null ? "" : ", in a unit"}.`,
};

export const companyChanges = [invitationChange] as const;
