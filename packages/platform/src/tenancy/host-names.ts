/**
 * What a host name says about the company. `plain` is the platform's own: the session says which company. A `subdomain` is
 * that of a company, if there is one; any other name is a `domain`, which a company may have as its own.
 */
export type HostName = { kind: "plain" } | { kind: "subdomain"; slug: string } | { kind: "domain"; domain: string };

const loopback: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @param hostname of a request, without its port, as `new URL(…).hostname` writes it */
export function parseHostName(hostname: string, baseUrl: string): HostName {
  const name = hostname.toLowerCase().replace(/\.$/, "");
  const base = new URL(baseUrl).hostname;
  if (name === base || loopback.has(name)) return { kind: "plain" };
  if (!name.endsWith(`.${base}`)) return { kind: "domain", domain: name };
  const slug = name.slice(0, -base.length - 1);
  return slug.includes(".") ? { kind: "domain", domain: name } : { kind: "subdomain", slug };
}

/** Where a company is reached: below the platform's own name, or there where that is an address, which has nothing below it. */
export function companyUrl(baseUrl: string, slug: string): string {
  const url = new URL(baseUrl);
  if (/^[\d.]+$|^\[/.test(url.hostname)) return baseUrl;
  return `${url.protocol}//${slug}.${url.host}`;
}
