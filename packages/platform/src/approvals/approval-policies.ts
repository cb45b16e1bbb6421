import type { Tx } from "../db/database.ts";
import { readSettings, type SettingsSection } from "../tenancy/company-settings.ts";
import { type ApprovalPolicy, ApprovalSettings } from "./approval-schema.ts";

export const approvalSettings: SettingsSection<ApprovalSettings> = { key: "approvals", schema: ApprovalSettings };

/** A change of the policies themselves. Where there are any, it needs one other person even if no policy says so. */
export const policiesPolicy = "approval-policies";

export async function findApprovalPolicy(
  tx: Tx,
  tenantId: string,
  key: string,
): Promise<(ApprovalPolicy & { validDays: number }) | null> {
  const { policies, validDays } = await readSettings(tx, tenantId, approvalSettings);
  const implied = key === policiesPolicy && Object.keys(policies).length > 0 ? impliedPolicy : null;
  const policy = Object.hasOwn(policies, key) ? policies[key]! : implied;
  return policy === null ? null : { ...policy, validDays };
}

export const impliedPolicy: ApprovalPolicy = { permission: "settings:write", people: 1 };
