import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import type { Host } from "@finops/platform/host";
import type { Tenant } from "@finops/platform/tenancy/tenants";

/** The owner of a company that nobody else has made one of; made at the first call. */
export async function ensureOwner(host: Host, tenant: Tenant): Promise<{ id: string; name: string }> {
  const name = `Owner of ${tenant.name}`;
  const id = await ensureUser(host.db, { email: `owner@${tenant.slug}.example`, name });
  await setMember(host.db, tenant.id, id, "owner");
  return { id, name };
}

/** A link that signs that owner in, once. */
export async function createOwnerLink(host: Host, tenant: Tenant, baseUrl: string = host.baseUrl): Promise<string> {
  const { id: userId } = await ensureOwner(host, tenant);
  const { token } = await createSignInLink(host.db, host.clock, { tenantId: tenant.id, userId }, { kind: "terminal" });
  return `${baseUrl}/sign-in/${token}`;
}
