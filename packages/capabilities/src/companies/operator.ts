import { AppError } from "@finops/kernel/app-error";
import { audit } from "@finops/platform/audit/audit";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import type { Host } from "@finops/platform/host";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { findSubdomainFault } from "@finops/platform/tenancy/tenant-input";
import { createTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { type CompanySummary, OperatorCompanyInput } from "./contract.ts";

/** Makes a company for the operator. Throws `conflict` for a subdomain that is taken, `invalid` for one that nobody may have. */
export async function createCompanyOf(host: Host, input: unknown): Promise<Tenant> {
  const { data, error } = OperatorCompanyInput.safeParse(input);
  if (error) throw new AppError("invalid", `${error.issues[0]!.path.join(".")}: ${error.issues[0]!.message}`);
  const { subdomain, owner, ...draft } = data;
  const fault = findSubdomainFault(subdomain);
  if (fault !== null) throw new AppError("invalid", `subdomain: ${fault}`);
  return host.db.inDirectory(async () => {
    const tenant = await createTenant(host.db, { ...draft, slug: subdomain });
    if (owner !== undefined)
      await setMember(host.db, tenant.id, await ensureUser(host.db, { email: owner, name: "" }), "owner");
    const ctx = createSystemContext(host, tenant.id, "operator", "cli");
    const after = { id: tenant.id, subdomain, ...draft, owner: owner ?? null };
    await ctx.inTenant((tx) => audit(tx, ctx, "company.created", { after }));
    return tenant;
  });
}

/** A company as the operator sees it. */
export function toSummary({ slug, name, state, stateReason, leavesAt, createdAt }: Tenant): CompanySummary {
  return {
    subdomain: slug,
    name,
    state,
    stateReason,
    leavesAt: leavesAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
