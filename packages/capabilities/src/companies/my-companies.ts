import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { listCompaniesOfUser, setMember } from "@finops/platform/identity/users";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { companyUrl } from "@finops/platform/tenancy/host-names";
import { findSubdomainFault } from "@finops/platform/tenancy/tenant-input";
import { createTenant, findTenant } from "@finops/platform/tenancy/tenants";
import {
  CompanyInput,
  type MyCompanies,
  type MyCompany,
  type SubdomainAnswer,
  type SwitchAnswer,
  SwitchInput,
} from "./contract.ts";

const handOffMinutes = 1;

/** The companies that the person belongs to; a key has its own alone. */
export async function listMyCompanies(ctx: Context): Promise<MyCompanies> {
  return { companies: await companiesOf(ctx), canCreate: findCreationFault(ctx) === null };
}

/** Whether a company could have a subdomain. That one is taken is no secret: its sign-in page answers there. */
export async function checkSubdomain(ctx: Context, subdomain: string): Promise<SubdomainAnswer> {
  const fault = findSubdomainFault(subdomain) ?? (await findTaken(ctx, subdomain));
  return { subdomain, isAvailable: fault === null, reason: fault };
}

/**
 * Makes a company, whose owner is who made it. Throws `forbidden` for who may not make companies here, `conflict` for a subdomain
 * that is taken, `invalid` for one that nobody may have.
 */
export async function createCompany(ctx: Context, input: unknown): Promise<MyCompany> {
  const fault = findCreationFault(ctx);
  if (fault !== null) throw fault;
  const { subdomain, ...draft } = CompanyInput.parse(input);
  await requireSubdomain(ctx, subdomain);
  const { host, actor, address, requestId, via } = ctx;
  return host.db.inDirectory(async () => {
    const { id, name } = await createTenant(host.db, { ...draft, slug: subdomain });
    await setMember(host.db, id, actor.id, "owner");
    const there = createContext(host, { tenantId: id, actor, via, address, requestId, permissions: [] });
    await there.inTenant((tx) =>
      audit(tx, there, "company.created", { after: { id, subdomain, ...draft, owner: actor.id } }),
    );
    return { id, subdomain, name, role: "owner", isCurrent: false };
  });
}

/**
 * A one-time way into another company of the person: below its own host name, or, asked for on the platform's, there. The
 * session here stays as it is. What the other company asks of a sign-in, such as a second factor, is asked where the link leads.
 * Throws `not_found` for any company that is not theirs.
 * @param origin where the platform's own host name was asked; null on that of a company
 */
export async function switchCompany(ctx: Context, input: unknown, origin: string | null): Promise<SwitchAnswer> {
  const { company: subdomain } = SwitchInput.parse(input);
  const company = (await companiesOf(ctx)).find((one) => one.subdomain === subdomain);
  if (ctx.actor.kind !== "person" || company === undefined)
    throw new AppError("not_found", "You belong to no such company.");
  await requireOwnSignIn(ctx);
  const { host, actor, address, requestId, via } = ctx;
  const there = createContext(host, { tenantId: company.id, actor, via, address, requestId, permissions: [] });
  const { token } = await there.inTenant(async (tx) => {
    await audit(tx, there, "company.switched-to");
    const who = { tenantId: company.id, userId: actor.id };
    return createSignInLink(host.db, host.clock, who, { kind: "switch", validMinutes: handOffMinutes });
  });
  return { url: `${origin ?? companyUrl(host.baseUrl, subdomain)}/sign-in/${token}` };
}

/** Throws `invalid` for a subdomain that no company may have, and `conflict` for one that is taken. */
export async function requireSubdomain(ctx: Context, subdomain: string): Promise<void> {
  const fault = findSubdomainFault(subdomain);
  if (fault !== null) throw new AppError("invalid", `subdomain: ${fault}`);
  const taken = await findTaken(ctx, subdomain);
  if (taken !== null) throw new AppError("conflict", taken);
}

/** A company believes its own provider for itself alone, so nobody gets from there into another one. @throws forbidden */
async function requireOwnSignIn({ inTenant, sessionId }: Context): Promise<void> {
  if (sessionId === null) return;
  const { method } = await inTenant((tx) =>
    tx.session.findFirstOrThrow({ where: { id: sessionId }, select: { method: true } }),
  );
  if (method === "company-provider")
    throw new AppError(
      "forbidden",
      "You signed in with this company's own provider, which other companies do not believe. Sign in to the other one.",
    );
}

async function companiesOf({ host, actor, tenantId }: Context): Promise<MyCompany[]> {
  if (actor.kind !== "person") return [];
  const companies = await listCompaniesOfUser(host.db, actor.id);
  return companies.map(({ tenantId: id, slug, name, roleKey }) => ({
    id,
    subdomain: slug,
    name,
    role: roleKey,
    isCurrent: id === tenantId,
  }));
}

function findCreationFault(ctx: Context): AppError | null {
  if (ctx.actor.kind !== "person")
    return new AppError("forbidden", "A company is made by a person, who owns it then. Sign in to make one.");
  if (ctx.host.companyCreation === "operator")
    return new AppError(
      "forbidden",
      "Here, companies are made by the operator of the platform: `finops company create`. Ask them for one.",
    );
  try {
    requirePermission(ctx, "owners:write");
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function findTaken({ host }: Context, subdomain: string): Promise<string | null> {
  const taken = await findTenant(host.db, subdomain);
  return taken === null ? null : `The subdomain "${subdomain}" is taken. Choose another one.`;
}
