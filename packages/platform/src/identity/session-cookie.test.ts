import { describe, expect, it } from "vitest";
import { findSessionToken, renderEndedSessionCookie, renderSessionCookie } from "./session-cookie.ts";

describe("the cookie of a session", () => {
  it("is bound to the host, and kept from scripts, plain http and other sites", () => {
    expect(renderSessionCookie("abc", new Date("2026-12-22T12:00:00Z"))).toBe(
      "__Host-finops_session=abc; Path=/; HttpOnly; Secure; SameSite=Lax; Expires=Tue, 22 Dec 2026 12:00:00 GMT",
    );
  });

  it("ends with the browser where it is not to be remembered", () => {
    expect(renderSessionCookie("abc", null)).not.toContain("Expires");
  });

  it("is found among others", () => {
    expect(findSessionToken("theme=dark; __Host-finops_session=abc;lang=en")).toBe("abc");
  });

  it.each([null, undefined, "", "theme=dark", "finops_session=abc", "__Host-finops_session="])(
    "is not found in %o",
    (header) => {
      expect(findSessionToken(header)).toBeNull();
    },
  );

  it("is removed by one that ended long ago", () => {
    expect(renderEndedSessionCookie()).toBe(
      "__Host-finops_session=; Path=/; HttpOnly; Secure; SameSite=Lax; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    );
  });
});
