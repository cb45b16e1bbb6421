/**
 * `__Host-` binds the cookie to this very host and to an encrypted way. Browsers take localhost and its subdomains for one,
 * also over plain http.
 */
const cookieName = "__Host-finops_session";

/**
 * The Set-Cookie header of a session. Scripts cannot read it, and other sites' forms do not send it.
 * @param keptUntil null for a cookie that ends with the browser
 */
export function renderSessionCookie(token: string, keptUntil: Date | null): string {
  const attributes = ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"];
  if (keptUntil !== null) attributes.push(`Expires=${keptUntil.toUTCString()}`);
  return `${cookieName}=${token}; ${attributes.join("; ")}`;
}

/** The Set-Cookie header that removes it. */
export function renderEndedSessionCookie(): string {
  return renderSessionCookie("", new Date(0));
}

/** The session's token in a Cookie header; null when there is none. */
export function findSessionToken(cookieHeader: string | null | undefined): string | null {
  const start = `${cookieName}=`;
  const cookie = (cookieHeader ?? "")
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(start));
  return cookie?.slice(start.length) || null;
}
