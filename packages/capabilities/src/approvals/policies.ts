import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { approvalSettings, impliedPolicy, policiesPolicy } from "@finops/platform/approvals/approval-policies";
import type { ApprovalSettings } from "@finops/platform/approvals/approval-schema";
import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import { listPeopleWho, requestOrApply, type Requested } from "@finops/platform/approvals/request-or-apply";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { readSettings, writeSettings } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import { type ApprovalPolicies, ApprovalPoliciesInput } from "./contract.ts";

const ownPolicy: PolicyInfo = {
  key: policiesPolicy,
  about: "What needs an approval, and whose. Where anything does, this does too",
};

/** What can be made to need an approval, and what does. Everybody may know it before they ask for something. */
export async function getPolicies(ctx: Context, kinds: readonly PolicyInfo[]): Promise<ApprovalPolicies> {
  requirePermission(ctx, "members:read");
  const settings = await ctx.inTenant((tx) => readSettings(tx, ctx.tenantId, approvalSettings));
  return { kinds: [...kinds, ownPolicy], ...settings };
}

/**
 * Says anew what needs an approval. Throws `precondition` for a policy that the company's people could not fulfil: those who may
 * approve must be enough beside any one of them who asks.
 */
export async function setPolicies(
  ctx: Context,
  kinds: readonly PolicyInfo[],
  input: unknown,
): Promise<Requested<ApprovalSettings>> {
  requirePermission(ctx, "settings:write");
  const { policies } = ApprovalPoliciesInput.parse(input);
  const known = [...kinds, ownPolicy].map(({ key }) => key);
  const unknown = Object.keys(policies).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new AppError("invalid", `policies: There is no kind "${unknown}". There are: ${known.join(", ")}.`);
  return requestOrApply(ctx, policiesChange, input);
}

export const policiesChange: ChangeKind<ApprovalSettings, ApprovalSettings> = {
  key: "approval-policies.set",
  policy: policiesPolicy,
  payload: ApprovalPoliciesInput,
  before: (ctx) => ctx.inTenant((tx) => readSettings(tx, ctx.tenantId, approvalSettings)),
  async apply(ctx, payload) {
    requirePermission(ctx, "settings:write");
    return ctx.inTenant(async (tx) => {
      await requireEnoughPeople(tx, ctx, payload);
      const before = await readSettings(tx, ctx.tenantId, approvalSettings);
      await writeSettings(tx, ctx.tenantId, approvalSettings, payload);
      await audit(tx, ctx, "approval-policies.changed", { before, after: payload });
      return { result: payload };
    });
  },
  describe: (_, { policies }) => {
    const parts = Object.entries(policies).map(
      ([key, { people, permission }]) => `${key} by ${people} with ${permission}`,
    );
    return parts.length === 0
      ? "Let no change need an approval."
      : `Let these changes need an approval: ${parts.join(", ")}.`;
  },
};

async function requireEnoughPeople(tx: Tx, ctx: Context, { policies }: ApprovalSettings): Promise<void> {
  const wanted = Object.entries({
    ...(Object.keys(policies).length > 0 ? { [policiesPolicy]: impliedPolicy } : {}),
    ...policies,
  });
  for (const [key, { permission, people }] of wanted) {
    const found = (await listPeopleWho(tx, ctx, permission)).length;
    if (found > people) continue;
    throw new AppError(
      "precondition",
      `"${key}" would need ${people + 1} people with the permission "${permission}", one who asks and ${people} who approve, and there are ${found}. Give it to more people first.`,
      { facts: { kind: key, permission, people: people + 1, found } },
    );
  }
}
