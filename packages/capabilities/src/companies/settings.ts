import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { stateReasonOf } from "@finops/platform/tenancy/company-state";
import type { Context } from "@finops/platform/tenancy/context";
import { companyUrl } from "@finops/platform/tenancy/host-names";
import type { CompanyState } from "@finops/platform/tenancy/tenant-input";
import { type Company, CompanyChange } from "./contract.ts";
import { requireSubdomain } from "./my-companies.ts";

/** The company of who asks: everybody in it may know what it is called and whether it works. */
export async function getCompany(ctx: Context): Promise<Company> {
  return ctx.inTenant((tx) => readCompany(tx, ctx));
}

/**
 * Changes what a company is called and reckons by. With another subdomain its people sign in anew there; the old one is free.
 * Throws `conflict` for a subdomain that is taken.
 */
export async function changeCompany(ctx: Context, input: unknown): Promise<Company> {
  requirePermission(ctx, "settings:write");
  const { subdomain, name, currency, fiscalYearStart, timeZone } = CompanyChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await readCompany(tx, ctx);
    if (subdomain !== undefined && subdomain !== before.subdomain) await requireSubdomain(ctx, subdomain);
    await tx.tenant.update({
      where: { id: ctx.tenantId },
      data: {
        slug: subdomain ?? before.subdomain,
        name: name ?? before.name,
        currency: currency ?? before.currency,
        fiscalYearStart: fiscalYearStart ?? before.fiscalYearStart,
        timeZone: timeZone ?? before.timeZone,
      },
    });
    const after = await readCompany(tx, ctx);
    await audit(tx, ctx, "company.changed", { before, after });
    return after;
  });
}

async function readCompany(tx: Tx, { host, tenantId }: Context): Promise<Company> {
  const row = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  return {
    id: row.id,
    name: row.name,
    subdomain: row.slug,
    currency: row.currency,
    fiscalYearStart: row.fiscalYearStart,
    timeZone: row.timeZone,
    state: row.state as CompanyState,
    leavesAt: row.leavesAt?.toISOString() ?? null,
    stateReason: stateReasonOf(row.settings),
    createdAt: row.createdAt.toISOString(),
    url: companyUrl(host.baseUrl, row.slug),
  };
}
