import { companyUrl, parseHostName } from "@finops/platform/tenancy/host-names";
import { findTenant, findTenantByDomain, type Tenant } from "@finops/platform/tenancy/tenants";
import type { Context as HonoContext } from "hono";
import type { Door } from "./identify.ts";
import { wayOf } from "./request-way.ts";

/** The company that a request of nobody in particular is about, and where its browser is. */
export interface RequestedCompany {
  /** Null where there is none of this name, or nobody may sign in to it. Answers must not tell. */
  company: Tenant | null;
  origin: string;
  /** Where the company is reached whatever a request says of itself; links in mails begin with it. */
  address: string;
  /** What is to be added to the page of signing in, so that it is about the same company. */
  query: string;
  /** The host name says no company. */
  isPlain: boolean;
}

/** The company of this host; on the platform's own host, the one whose slug the request names. */
export async function findCompany(door: Door, c: HonoContext, named: string | undefined): Promise<RequestedCompany> {
  const origin = originOf(door, c);
  const host = parseHostName(new URL(origin).hostname, door.host.baseUrl);
  const slug = host.kind === "subdomain" ? host.slug : host.kind === "plain" ? named : undefined;
  const found =
    host.kind === "domain"
      ? await findTenantByDomain(door.host.db, host.domain)
      : slug === undefined
        ? null
        : await findTenant(door.host.db, slug.slice(0, 63));
  const isOpen = found?.state === "active" || found?.state === "read-only";
  const query = host.kind === "plain" && slug !== undefined ? `&company=${encodeURIComponent(slug)}` : "";
  const address =
    host.kind === "subdomain"
      ? companyUrl(door.host.baseUrl, host.slug)
      : host.kind === "domain" && found !== null
        ? origin
        : door.host.baseUrl;
  return { company: isOpen ? found : null, origin, address, query, isPlain: host.kind === "plain" };
}

/** As the browser has it. */
export function originOf(door: Door, c: HonoContext): string {
  const { isEncrypted, host } = wayOf(door, c);
  return new URL(`${isEncrypted ? "https" : "http"}://${host}`).origin;
}
