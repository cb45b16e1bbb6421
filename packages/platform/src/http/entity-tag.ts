/** Answers that hold a company's data: kept by the browser alone, and asked about before each use. */
export const revalidated = {
  "cache-control": "private, no-cache",
  vary: "Authorization, Cookie, X-Finops-Tenant",
} as const;

/**
 * A tag of what the parts are (RFC 9110, 8.8.3). A weak one says that two answers mean the same though a byte of them may
 * differ, such as how long they took.
 */
export async function entityTag(parts: unknown, { isWeak }: { isWeak: boolean }): Promise<string> {
  const bytes = parts instanceof Uint8Array ? new Uint8Array(parts) : new TextEncoder().encode(JSON.stringify(parts));
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  const tag = `"${Buffer.from(hash).toString("base64url").slice(0, 27)}"`;
  return isWeak ? `W/${tag}` : tag;
}

/** Whether the client has it already: one of the tags of If-None-Match, compared as RFC 9110 says, or `*`. */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = (text: string) => text.trim().replace(/^W\//, "");
  return ifNoneMatch.split(",").some((known) => opaque(known) === opaque(tag));
}
