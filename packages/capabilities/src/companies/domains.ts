import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { newToken } from "@finops/platform/identity/tokens";
import type { Context } from "@finops/platform/tenancy/context";
import { isProven, proofRecord } from "@finops/platform/tenancy/domain-proof";
import { parseHostName } from "@finops/platform/tenancy/host-names";
import { findTenantByDomain } from "@finops/platform/tenancy/tenants";
import { type CompanyDomain, type DomainCheck, DomainInput } from "./contract.ts";

const domainsMax = 20;

export async function listDomains(ctx: Context): Promise<CompanyDomain[]> {
  requirePermission(ctx, "settings:write");
  const rows = await ctx.inTenant((tx) => tx.companyDomain.findMany({ orderBy: { domain: "asc" } }));
  return rows.map(toDomain);
}

/** Notes a host name as the company's, which works once it is proven. One that is noted already is given back. */
export async function addDomain(ctx: Context, input: unknown): Promise<CompanyDomain> {
  requirePermission(ctx, "settings:write");
  const { domain } = DomainInput.parse(input);
  if (parseHostName(domain, ctx.host.baseUrl).kind !== "domain")
    throw new AppError("invalid", "domain: This host name is the platform's own. A company has its subdomain of it.");
  return ctx.inTenant(async (tx) => {
    const known = await tx.companyDomain.findFirst({ where: { domain } });
    if (known !== null) return toDomain(known);
    if ((await tx.companyDomain.count()) >= domainsMax)
      throw new AppError("limit", `A company has at most ${domainsMax} host names of its own. Remove one first.`);
    const data = { id: newId(), domain, proof: newToken(), createdAt: ctx.host.clock.now() };
    const made = toDomain(await tx.companyDomain.create({ data }));
    await audit(tx, ctx, "company-domain.added", { after: { id: made.id, domain } });
    return made;
  });
}

/**
 * Looks for the record that proves a domain; from then on it works. Throws `conflict` for who proves a domain that another company
 * has proven, and tells nobody else of that.
 */
export async function verifyDomain(ctx: Context, id: string): Promise<DomainCheck> {
  requirePermission(ctx, "settings:write");
  const row = await ctx.inTenant((tx) => findDomain(tx, id));
  // A name server may be slow, so it is asked outside of the transaction.
  if (row.verifiedAt !== null) return { domain: toDomain(row), problem: null };
  if (!(await isProven(ctx.host.domains, row.domain, row.proof))) {
    const { name, value } = proofRecord(row.domain, row.proof);
    const problem = `The TXT record ${name} with the value ${value} is not there yet. Add it at your domain's name server; it can take an hour until it is seen.`;
    return { domain: toDomain(row), problem };
  }
  return ctx.inTenant(async (tx) => {
    const holder = await findTenantByDomain(ctx.host.db, row.domain);
    if (holder !== null && holder.id !== ctx.tenantId)
      throw new AppError("conflict", `${row.domain} works for another company already. Have it removed there first.`);
    const data = { verifiedAt: ctx.host.clock.now() };
    await tx.companyDomain.updateMany({ where: { id: row.id, verifiedAt: null }, data });
    const verified = await findDomain(tx, id);
    await audit(tx, ctx, "company-domain.verified", { after: { id, domain: row.domain } });
    return { domain: toDomain(verified), problem: null };
  });
}

/** Gives a host name up: it is nobody's from the next request on. */
export async function removeDomain(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "settings:write");
  await ctx.inTenant(async (tx) => {
    const { domain } = await findDomain(tx, id);
    await tx.companyDomain.deleteMany({ where: { id } });
    await audit(tx, ctx, "company-domain.removed", { before: { id, domain } });
  });
}

type DomainRow = Awaited<ReturnType<typeof findDomain>>;

async function findDomain(tx: Tx, id: string) {
  const row = isId(id) ? await tx.companyDomain.findFirst({ where: { id } }) : null;
  if (row === null) throw new AppError("not_found", "The company has no such domain.");
  return row;
}

function toDomain({ id, domain, proof, verifiedAt, missingSince, createdAt }: DomainRow): CompanyDomain {
  return {
    id,
    domain,
    verifiedAt: verifiedAt?.toISOString() ?? null,
    missingSince: missingSince?.toISOString() ?? null,
    record: proofRecord(domain, proof),
    createdAt: createdAt.toISOString(),
  };
}
