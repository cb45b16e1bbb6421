import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import type { Host } from "@finops/platform/host";
import type { Tenant } from "@finops/platform/tenancy/tenants";

/** A link that signs the owner of a company in, once; the owner is made at the first call. */
export async function createOwnerLink(host: Host, tenant: Tenant, baseUrl: string = host.baseUrl): Promise<string> {
  const userId = await ensureUser(host.db, { email: `owner@${tenant.slug}.example`, name: `Owner of ${tenant.name}` });
  await setMember(host.db, tenant.id, userId, "owner");
  const { token } = await createSignInLink(host.db, host.clock, { tenantId: tenant.id, userId }, { kind: "terminal" });
  return `${baseUrl}/sign-in/${token}`;
}
