import { hashToken, newToken } from "@finops/platform/identity/tokens";
import type { Context as HonoContext } from "hono";

/** Ties what comes back, from a provider or a mail, to the browser that asked. It signs nobody in. */
const cookieName = "__Host-finops_browser";
const keptSeconds = 60 * 60;

/** The hash of this browser's cookie, which is set where there is none; several tabs share one. */
export async function ensureBrowser(c: HonoContext): Promise<string> {
  const token = findToken(c) ?? newToken();
  c.header("Set-Cookie", `${cookieName}=${token}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=${keptSeconds}`, {
    append: true,
  });
  return hashToken(token);
}

/** Null for a browser that asked for nothing. */
export async function findBrowser(c: HonoContext): Promise<string | null> {
  const token = findToken(c);
  return token === null ? null : hashToken(token);
}

function findToken(c: HonoContext): string | null {
  const found = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]{43})(?:;|$)`).exec(c.req.header("cookie") ?? "");
  return found?.[1] ?? null;
}
