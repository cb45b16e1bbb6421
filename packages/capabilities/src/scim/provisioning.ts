import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import { readSettings, type SettingsSection, writeSettings } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import { requireMayGiveRole } from "../people/index.ts";
import { Provisioning } from "./contract.ts";

export const provisioningSettings: SettingsSection<Provisioning> = { key: "provisioning", schema: Provisioning };

export async function getProvisioning(ctx: Context): Promise<Provisioning> {
  requirePermission(ctx, "members:read");
  return ctx.inTenant((tx) => readSettings(tx, ctx.tenantId, provisioningSettings));
}

/** Says what role people get whom the identity provider makes known: one that the caller may give. */
export async function setProvisioning(ctx: Context, input: unknown): Promise<Provisioning> {
  requirePermission(ctx, "settings:write");
  const after = Provisioning.parse(input);
  if (after.defaultRole === "owner")
    throw new AppError("invalid", "defaultRole: Nobody becomes an owner by being provisioned. Choose another role.");
  return ctx.inTenant(async (tx) => {
    await requireMayGiveRole(tx, ctx, after.defaultRole);
    const before = await readSettings(tx, ctx.tenantId, provisioningSettings);
    await writeSettings(tx, ctx.tenantId, provisioningSettings, after);
    await audit(tx, ctx, "provisioning.changed", { before, after });
    return after;
  });
}
