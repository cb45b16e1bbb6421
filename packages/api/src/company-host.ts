import { AppError } from "@finops/kernel/app-error";
import type { Host } from "@finops/platform/host";
import type { AppEnv, CompanySite } from "@finops/platform/http/app-env";
import { type HostName, parseHostName } from "@finops/platform/tenancy/host-names";
import { findTenant, findTenantByDomain } from "@finops/platform/tenancy/tenants";
import type { Context, MiddlewareHandler } from "hono";
import type { Door } from "./identify.ts";
import { wayOf } from "./request-way.ts";

/**
 * Finds out whose host name was asked. What is asked is what the connection's Host header says; headers in which a proxy tells
 * another one come from anybody, and count for nothing where no proxy is trusted.
 */
export function companyHost(door: Pick<Door, "host" | "trustedProxies" | "addressOf">): MiddlewareHandler<AppEnv> {
  const { host } = door;
  return async (c, next) => {
    const asked = `http://${wayOf(door, c).host}`;
    // What is no host name is nobody's.
    const name = parseHostName(URL.canParse(asked) ? new URL(asked).hostname : "-", host.baseUrl);
    const site = await findSite(host, name, c.req.path);
    if (site === undefined) return answerUnknown(c, host.baseUrl);
    c.set("site", site);
    await next();
  };
}

/** Whether a session or key counts on the host name that was asked. The platform's own is everybody's. */
export function isHere(c: Context, { tenantId, tenantSlug }: { tenantId: string; tenantSlug: string }): boolean {
  const site = c.get("site") as CompanySite | null;
  if (site === null) return true;
  return "slug" in site ? site.slug === tenantSlug : site.tenantId === tenantId;
}

/** Undefined where the host name is nobody's. */
async function findSite({ db }: Host, name: HostName, path: string): Promise<CompanySite | null | undefined> {
  if (name.kind === "plain") return null;
  if (name.kind === "domain") {
    const tenant = await findTenantByDomain(db, name.domain);
    return tenant === null ? undefined : { tenantId: tenant.id };
  }
  // There, who asks is compared by the subdomain, and is as unknown below one that nobody has as below another company's; and
  // nobody learns from signing in which companies there are.
  if (/^\/(api\/(v1|companies|sign-in)|scim|sign-in)(\/|$)/.test(path)) return { slug: name.slug };
  return (await findTenant(db, name.slug)) === null ? undefined : { slug: name.slug };
}

function answerUnknown(c: Context, baseUrl: string): Response | Promise<Response> {
  if (c.req.path.startsWith("/api/") || c.req.header("accept")?.includes("text/html") !== true)
    throw new AppError("not_found", `No company is at this address. The platform itself is at ${baseUrl}.`);
  c.header("Cache-Control", "no-store");
  c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  return c.html(unknownPage(baseUrl), 404);
}

const unknownPage = (baseUrl: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>No company is at this address</title></head><body><main><h1>No company is at this address</h1><p>Check how the name is spelled. The platform itself is at <a href="${baseUrl}">${baseUrl}</a>.</p></main></body></html>`;
