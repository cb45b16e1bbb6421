import { AppError } from "@finops/kernel/app-error";
import { isSafeWay, readForwarded, type RequestWay } from "@finops/platform/network/forwarded";
import type { Context as HonoContext } from "hono";
import type { Door } from "./identify.ts";

/** How a request came: over an encrypted way or not, to which host, and from where. */
export function wayOf(
  { trustedProxies, addressOf }: Pick<Door, "trustedProxies" | "addressOf">,
  c: HonoContext,
): RequestWay {
  const sealed = c.get("way") as RequestWay | undefined;
  if (sealed !== undefined) return sealed;
  const url = new URL(c.req.url);
  const direct = {
    isEncrypted: url.protocol === "https:",
    host: c.req.header("host") ?? url.host,
    address: addressOf(c),
  };
  return readForwarded(direct, (name) => c.req.header(name), trustedProxies);
}

/** The country that a request comes from in two letters, as a trusted proxy says; null where none does, or it does not know. */
export function countryOf({ trustedProxies, countryHeader }: Door, c: HonoContext): string | null {
  if (trustedProxies === 0 || countryHeader === null) return null;
  const country = (c.req.header(countryHeader) ?? "").toUpperCase();
  // XX is what proxies write for an address of no country.
  return /^[A-Z]{2}$/.test(country) && country !== "XX" ? country : null;
}

/** The reason why nobody can sign in on this way, with what to do; null where they can. */
export function whyUnsafe(door: Door, c: HonoContext): string | null {
  const way = wayOf(door, c);
  if (isSafeWay(way)) return null;
  return `Nobody can sign in to ${way.host} over plain http: anybody on the way could take the session, so browsers keep its cookie over https and on localhost only. Give the server a certificate (FINOPS_TLS_CERT and FINOPS_TLS_KEY), or put a proxy that ends TLS in front and set FINOPS_TRUST_PROXY=1.`;
}

/** @throws precondition on a way on which the session's cookie would not be kept */
export function requireSafeWay(door: Door, c: HonoContext): void {
  const reason = whyUnsafe(door, c);
  if (reason !== null) throw new AppError("precondition", reason);
}

/**
 * Refuses what another site makes a browser send. The header cannot be set by a form, and a script of another origin may not
 * set it; where the browser says itself which page asks, it must be a page of this host.
 * @throws forbidden
 */
export function requireOwnPage(door: Door, c: HonoContext): void {
  if (c.req.header("x-finops-request") === undefined)
    throw new AppError("forbidden", "Requests that change something carry the header X-Finops-Request.");
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") throw foreignPage();
  requireOwnOrigin(door, c);
}

/** @throws forbidden where a browser names a page of another host as the one that asks */
export function requireOwnOrigin(door: Door, c: HonoContext): void {
  const origin = c.req.header("origin");
  if (origin === undefined) return;
  // A proxy for development has another host than the server behind it.
  const own = [wayOf(door, c).host, new URL(door.host.baseUrl).host];
  if (!URL.canParse(origin) || !own.includes(new URL(origin).host)) throw foreignPage();
}

function foreignPage(): AppError {
  return new AppError("forbidden", "This was asked by a page of another site. Ask from a page of this server.");
}
