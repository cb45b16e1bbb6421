import { AppError } from "@finops/kernel/app-error";
import { computeRolePermissions } from "@finops/platform/access/permissions";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { signInPolicySection } from "@finops/platform/identity/sign-in-policy";
import { readSettings, writeSettings } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import { SignInSettings } from "./contract.ts";

export async function getSignInSettings(ctx: Context): Promise<SignInSettings> {
  requirePermission(ctx, "settings:write");
  return ctx.inTenant((tx) => readSettings(tx, ctx.tenantId, signInPolicySection));
}

/**
 * Says who may sign in, and how; from the next sign-in on. Throws `forbidden` for roles beyond one's own, and `invalid` for a way
 * that lets in strangers.
 */
export async function changeSignInSettings(ctx: Context, input: unknown): Promise<SignInSettings> {
  requirePermission(ctx, "settings:write");
  const next = SignInSettings.parse(input);
  const { provisioning, allowedDomains, allowedIssuers, requiredIssuer } = next;
  if (provisioning.isOn && allowedDomains.length + allowedIssuers.length === 0 && requiredIssuer === null)
    throw new AppError(
      "invalid",
      "provisioning: Name the domains or the issuers whose people may join by themselves. Without, anybody could.",
    );
  return ctx.inTenant(async (tx) => {
    const before = await readSettings(tx, ctx.tenantId, signInPolicySection);
    await requireMayBeGiven(tx, ctx, provisioning.role);
    await writeSettings(tx, ctx.tenantId, signInPolicySection, next);
    await audit(tx, ctx, "sign-in-settings.changed", { before: toJsonColumn(before), after: toJsonColumn(next) });
    return next;
  });
}

/** Signing in gives it to people whom nobody looked at: never the owner's, and never more than its giver has. */
async function requireMayBeGiven(tx: Tx, ctx: Context, key: string): Promise<void> {
  const role = await tx.role.findFirst({ where: { key }, include: { permissions: true } });
  if (role === null) throw new AppError("not_found", `The company has no role "${key}".`);
  const permissions = computeRolePermissions(
    role.key,
    role.permissions.map((permission) => permission.key),
  );
  const missing = [...permissions].filter((permission) => !ctx.permissions.has(permission));
  if (role.key === "owner" || missing.length > 0 || ctx.rowFilters.size > 0)
    throw new AppError(
      "forbidden",
      `Nobody lets others join with more than they have themselves, nor as owners. Choose another role than "${key}".`,
      { facts: { permissions: missing } },
    );
}
