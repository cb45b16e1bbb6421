/** `__Host-` binds the cookie to this host and to https; plain http on localhost cannot have it. */
function cookieName(isSecure: boolean): string {
  return isSecure ? "__Host-finops_session" : "finops_session";
}

/** The Set-Cookie header of a session. Scripts cannot read it, and other sites' forms do not send it. */
export function renderSessionCookie(token: string, options: { expiresAt: Date; isSecure: boolean }): string {
  const attributes = ["Path=/", "HttpOnly", "SameSite=Lax", `Expires=${options.expiresAt.toUTCString()}`];
  if (options.isSecure) attributes.push("Secure");
  return `${cookieName(options.isSecure)}=${token}; ${attributes.join("; ")}`;
}

/** The Set-Cookie header that removes it. */
export function renderEndedSessionCookie(options: { isSecure: boolean }): string {
  return renderSessionCookie("", { expiresAt: new Date(0), isSecure: options.isSecure });
}

/** The session's token in a Cookie header; null when there is none. */
export function findSessionToken(
  cookieHeader: string | null | undefined,
  options: { isSecure: boolean },
): string | null {
  const start = `${cookieName(options.isSecure)}=`;
  const cookie = (cookieHeader ?? "")
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(start));
  return cookie?.slice(start.length) || null;
}
