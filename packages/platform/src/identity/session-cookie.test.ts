import { describe, expect, it } from "vitest";
import { findSessionToken, renderEndedSessionCookie, renderSessionCookie } from "./session-cookie.ts";

const expiresAt = new Date("2026-12-22T12:00:00Z");

describe("the session cookie", () => {
  it("is closed to scripts, other sites and plain http", () => {
    expect(renderSessionCookie("abc", { expiresAt, isSecure: true })).toBe(
      "__Host-finops_session=abc; Path=/; HttpOnly; SameSite=Lax; Expires=Tue, 22 Dec 2026 12:00:00 GMT; Secure",
    );
  });

  it("works on http://localhost", () => {
    expect(renderSessionCookie("abc", { expiresAt, isSecure: false })).toBe(
      "finops_session=abc; Path=/; HttpOnly; SameSite=Lax; Expires=Tue, 22 Dec 2026 12:00:00 GMT",
    );
  });

  it("is found among others", () => {
    expect(findSessionToken("theme=dark; finops_session=abc;lang=en", { isSecure: false })).toBe("abc");
    expect(findSessionToken("__Host-finops_session=abc", { isSecure: true })).toBe("abc");
  });

  it.each([null, undefined, "", "theme=dark", "x_finops_session=abc", "finops_session="])(
    "is not found in %j",
    (header) => {
      expect(findSessionToken(header, { isSecure: false })).toBeNull();
    },
  );

  it("is not taken over https when it was not bound to https", () => {
    expect(findSessionToken("finops_session=abc", { isSecure: true })).toBeNull();
  });

  it("is removed by an empty one of long ago", () => {
    expect(renderEndedSessionCookie({ isSecure: false })).toBe(
      "finops_session=; Path=/; HttpOnly; SameSite=Lax; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    );
  });
});
