import { resetSecondFactorOf } from "@finops/capabilities/sign-in/index";
import type { Clock } from "@finops/kernel/clock";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBrowser, type TestBrowser } from "./testing/browser.ts";
import { createAuthenticator } from "./testing/authenticator.ts";
import { type HouseCompany, openHouse, type SignInHouse } from "./testing/sign-in-house.ts";

let house: SignInHouse;
let acme: HouseCompany;
let now = new Date("2026-11-22T12:00:00Z");
const clock: Clock = { now: () => now, today: () => "2026-11-22" };
const later = (seconds: number) => (now = new Date(now.getTime() + seconds * 1000));
let people = 0;

beforeAll(async () => {
  house = await openHouse({ clock });
  acme = await house.company("acme");
});
afterAll(() => house.close());
beforeEach(() => acme.setPolicy({}));

const ask = (browser: TestBrowser, method: string, path: string, body?: unknown, { origin } = acme) =>
  browser.ask(origin, method, path, body);
const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() });
const mayWork = async (browser: TestBrowser) => (await ask(browser, "GET", "/api/v1/members")).status;

async function somebody(role = "viewer") {
  const userId = await acme.member(`person-${(people += 1)}@acme.example`, role);
  return { userId, browser: await acme.browserOf(userId) };
}

async function withCodes() {
  const { userId, browser } = await somebody();
  const { json } = await ask(browser, "POST", "/api/second-factor/codes");
  const secret = json["secret"] as string;
  const confirmed = await ask(browser, "POST", "/api/second-factor/codes/confirm", { code: codeOf(secret) });
  return { userId, browser, secret, recoveryCodes: confirmed.json["recoveryCodes"] as string[] };
}

describe("an app that shows codes", () => {
  it("counts from its first code on, and gives recovery codes once", async () => {
    const { userId, browser } = await somebody();
    const begun = await ask(browser, "POST", "/api/second-factor/codes");
    expect(begun.status).toBe(201);
    const secret = begun.json["secret"] as string;
    expect(begun.json["uri"]).toMatch(/^otpauth:\/\/totp\/FinOps:person-\d+\?issuer=FinOps&secret=[A-Z2-7]{32}/);
    const row = await house.test.db.inTenant(acme.tenantId, (tx) =>
      tx.secondFactor.findFirstOrThrow({ where: { userId } }),
    );
    expect(
      JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toContain(secret);
    expect((await ask(browser, "GET", "/api/second-factor")).json).toMatchObject({
      need: "not-needed",
      hasCodes: false,
    });
    expect((await ask(browser, "POST", "/api/second-factor/codes/confirm", { code: "000000" })).status).toBe(403);
    const before = new Map(browser.cookies.get("acme.localhost:3000"));
    const confirmed = await ask(browser, "POST", "/api/second-factor/codes/confirm", { code: codeOf(secret) });
    expect(confirmed.json["recoveryCodes"]).toHaveLength(10);
    expect((await ask(browser, "GET", "/api/second-factor")).json).toMatchObject({
      need: "shown",
      recoveryCodesLeft: 10,
    });
    // Whoever had the token before has nothing.
    const old = createBrowser(house.api);
    old.cookies.set("acme.localhost:3000", before);
    expect((await ask(old, "GET", "/api/session")).json).toEqual({ signedIn: false });
    expect(JSON.stringify(await acme.audited("second-factor.added"))).not.toContain(secret);
  });

  it("is asked for by every session that begins from then on, which may do nothing else before", async () => {
    const { userId, secret } = await withCodes();
    const browser = await acme.browserOf(userId);
    expect(await mayWork(browser)).toBe(403);
    expect((await ask(browser, "GET", "/api/session")).json).toMatchObject({ signedIn: true, secondFactor: "show" });
    for (const [method, path] of [
      ["POST", "/api/second-factor/codes"],
      ["DELETE", "/api/second-factor/codes"],
      ["POST", "/api/second-factor/recovery-codes"],
      ["POST", "/api/second-factor/passkeys/options"],
      ["POST", "/api/sign-in/identities"],
    ])
      expect([path, (await ask(browser, method!, path!, {})).status]).toEqual([path, 403]);
    later(30);
    expect((await ask(browser, "POST", "/api/second-factor/show", { code: codeOf(secret) })).status).toBe(204);
    expect(await mayWork(browser)).toBe(200);
    const other = await acme.browserOf(userId);
    expect((await other.ask(acme.origin, "POST", "/sign-out")).status).toBe(204);
  });

  it("takes no code twice, and none of two steps ago", async () => {
    const { userId, secret } = await withCodes();
    const show = async (code: string) =>
      (await ask(await acme.browserOf(userId), "POST", "/api/second-factor/show", { code })).status;
    expect(await show(codeOf(secret))).toBe(403);
    later(30);
    const code = codeOf(secret);
    const answers = await Promise.all([show(code), show(code), show(code)]);
    expect(answers.filter((status) => status === 204)).toHaveLength(1);
    later(30);
    const old = codeOf(secret);
    later(90);
    expect(await show(old)).toBe(403);
  });

  it("is locked for a while after five wrong codes, also for right ones", async () => {
    const { userId, secret, recoveryCodes } = await withCodes();
    const browser = await acme.browserOf(userId);
    const show = async (code: string) => (await ask(browser, "POST", "/api/second-factor/show", { code })).status;
    later(30);
    for (let time = 0; time < 5; time += 1) expect(await show("12345x")).toBe(403);
    expect([await show(codeOf(secret)), await show(recoveryCodes[0]!)]).toEqual([429, 429]);
    later(15 * 60 + 1);
    expect(await show(codeOf(secret))).toBe(204);
    expect((await acme.audited("sign-in.refused")).length).toBeGreaterThan(0);
  });

  it("is replaced by a recovery code, each of which works once", async () => {
    const { userId, recoveryCodes } = await withCodes();
    const [first, second] = [await acme.browserOf(userId), await acme.browserOf(userId)];
    const code = recoveryCodes[3]!.toUpperCase();
    expect((await ask(first, "POST", "/api/second-factor/show", { code })).status).toBe(204);
    expect((await ask(second, "POST", "/api/second-factor/show", { code })).status).toBe(403);
    expect((await ask(first, "GET", "/api/second-factor")).json).toMatchObject({ recoveryCodesLeft: 9 });
    const renewed = await ask(first, "POST", "/api/second-factor/recovery-codes");
    expect(renewed.json["recoveryCodes"]).toHaveLength(10);
    expect((await ask(second, "POST", "/api/second-factor/show", { code: recoveryCodes[4] })).status).toBe(403);
  });

  it("is taken away by its person, and by an administrator for somebody else only", async () => {
    const { userId, browser } = await withCodes();
    const admin = await somebody("admin");
    expect((await ask(browser, "DELETE", `/api/v1/members/${userId}/second-factor`)).status).toBe(403);
    expect((await ask(admin.browser, "DELETE", `/api/v1/members/${admin.userId}/second-factor`)).status).toBe(403);
    expect((await ask(admin.browser, "DELETE", `/api/v1/members/${userId}/second-factor`)).status).toBe(204);
    expect((await ask(browser, "GET", "/api/session")).json).toEqual({ signedIn: false });
    expect(await mayWork(await acme.browserOf(userId))).toBe(200);
    const owner = await somebody("owner");
    expect((await ask(admin.browser, "DELETE", `/api/v1/members/${owner.userId}/second-factor`)).status).toBe(403);
    const own = await withCodes();
    expect((await ask(own.browser, "DELETE", "/api/second-factor/codes")).status).toBe(204);
    expect(await mayWork(await acme.browserOf(own.userId))).toBe(200);
    const beta = await house.company("beta");
    const stranger = await beta.browserOf(await beta.member("boss@beta.example", "owner"));
    const path = `/api/v1/members/${own.userId}/second-factor`;
    expect((await ask(stranger, "DELETE", path, undefined, beta)).status).toBe(404);
  });
});

describe("a company that requires a second factor", () => {
  it("lets who has none add one and sign out, and nothing else", async () => {
    await acme.setPolicy({ secondFactor: "required" });
    const { browser } = await somebody("owner");
    expect(await mayWork(browser)).toBe(403);
    expect((await ask(browser, "GET", "/api/session")).json).toMatchObject({ secondFactor: "enroll" });
    expect((await ask(browser, "GET", "/api/v1/sign-in-settings")).json).toMatchObject({
      facts: { secondFactor: "enroll" },
    });
    const { json } = await ask(browser, "POST", "/api/second-factor/codes");
    await ask(browser, "POST", "/api/second-factor/codes/confirm", { code: codeOf(json["secret"] as string) });
    expect(await mayWork(browser)).toBe(200);
  });
});

describe("a passkey", () => {
  const add = async (browser: TestBrowser, authenticator = createAuthenticator(), name = "Laptop") => {
    const { json } = await ask(browser, "POST", "/api/second-factor/passkeys/options");
    const response = authenticator.create(json, acme.origin);
    const made = await ask(browser, "POST", "/api/second-factor/passkeys", { name, response });
    return { authenticator, made };
  };

  it("is a second factor", async () => {
    const { userId, browser } = await somebody();
    const { authenticator, made } = await add(browser);
    expect(made.status).toBe(201);
    const next = await acme.browserOf(userId);
    expect(await mayWork(next)).toBe(403);
    const { json } = await ask(next, "POST", "/api/second-factor/passkeys/show/options");
    const response = authenticator.get(json, acme.origin);
    expect((await ask(next, "POST", "/api/second-factor/passkeys/show", { response })).status).toBe(204);
    expect(await acme.audited("second-factor.shown")).toContainEqual(expect.objectContaining({ kind: "passkey" }));
    expect(await mayWork(next)).toBe(200);
    const { passkeys } = (await ask(next, "GET", "/api/second-factor")).json as {
      passkeys: { id: string; name: string }[];
    };
    expect(passkeys).toMatchObject([{ name: "Laptop" }]);
    expect((await ask(next, "DELETE", `/api/second-factor/passkeys/${passkeys[0]!.id}`)).status).toBe(204);
    expect(await mayWork(await acme.browserOf(userId))).toBe(200);
  });

  it("signs in alone, for it stands for two factors", async () => {
    const { authenticator } = await add((await somebody()).browser);
    const browser = createBrowser(house.api);
    const { json } = await ask(browser, "POST", "/api/sign-in/passkey/options", {});
    expect(json["allowCredentials"]).toEqual([]);
    const response = authenticator.get(json, acme.origin);
    expect((await ask(browser, "POST", "/api/sign-in/passkey", { response })).status).toBe(204);
    expect((await ask(browser, "GET", "/api/session")).json).toMatchObject({ signedIn: true, secondFactor: "shown" });
    expect((await ask(browser, "POST", "/api/sign-in/passkey", { response })).status).toBe(400);
    await acme.setPolicy({ requiredIssuer: "https://login.acme.example" });
    const again = await ask(browser, "POST", "/api/sign-in/passkey/options", {});
    const next = authenticator.get(again.json, acme.origin);
    expect((await ask(browser, "POST", "/api/sign-in/passkey", { response: next })).status).toBe(401);
  });

  it("is refused where anything of its answer is another's", async () => {
    const { authenticator } = await add((await somebody()).browser);
    const wish = async (browser: TestBrowser) => (await ask(browser, "POST", "/api/sign-in/passkey/options", {})).json;
    const send = async (browser: TestBrowser, response: unknown) =>
      (await ask(browser, "POST", "/api/sign-in/passkey", { response })).status;
    const browser = createBrowser(house.api);
    expect(await send(browser, authenticator.get(await wish(browser), "https://evil.example"))).toBe(400);
    expect(await send(browser, authenticator.get(await wish(browser), acme.origin, { rpId: "evil.example" }))).toBe(
      400,
    );
    expect(await send(browser, authenticator.get(await wish(browser), acme.origin, { isVerified: false }))).toBe(400);
    expect(
      await send(browser, authenticator.get(await wish(browser), acme.origin, { breaksSignature: true })),
    ).not.toBe(204);
    expect(await send(createBrowser(house.api), authenticator.get(await wish(browser), acme.origin))).toBe(400);
    expect(await send(browser, createAuthenticator().get(await wish(browser), acme.origin))).toBe(401);
    const made = { challenge: "made-up".repeat(6) + "x" };
    expect(await send(browser, authenticator.get(made, acme.origin))).toBe(400);
    const gamma = await house.company(`gamma-${people}`);
    const elsewhere = createBrowser(house.api);
    const { json } = await ask(elsewhere, "POST", "/api/sign-in/passkey/options", {}, gamma);
    const response = authenticator.get(json, gamma.origin);
    expect((await ask(elsewhere, "POST", "/api/sign-in/passkey", { response }, gamma)).status).toBe(401);
  });
});

describe("somebody whose ways to sign in change", () => {
  const told = (email: string) =>
    house.outbox
      .list()
      .filter(({ to }) => to === email)
      .map(({ subject }) => subject);

  it("gets a mail about each, from wherever it was done", async () => {
    const { userId, browser } = await somebody("owner");
    const { email } = await house.test.db.inTenant(acme.tenantId, (tx) =>
      tx.user.findUniqueOrThrow({ where: { id: userId } }),
    );
    const { json } = await ask(browser, "POST", "/api/second-factor/codes");
    const code = codeOf(json["secret"] as string);
    expect((await ask(browser, "POST", "/api/second-factor/codes/confirm", { code: "000000" })).status).toBe(403);
    expect(told(email)).toEqual([]);
    await ask(browser, "POST", "/api/second-factor/codes/confirm", { code });
    await ask(browser, "POST", "/api/second-factor/recovery-codes");
    const { json: options } = await ask(browser, "POST", "/api/second-factor/passkeys/options");
    const response = createAuthenticator().create(options, acme.origin);
    const { json: made } = await ask(browser, "POST", "/api/second-factor/passkeys", { name: "Laptop", response });
    await ask(browser, "DELETE", `/api/second-factor/passkeys/${made["id"] as string}`);
    await ask(browser, "DELETE", "/api/second-factor/codes");
    await resetSecondFactorOf(
      createSystemContext(acme.ctx.host, acme.tenantId, "operator", "cli"),
      email.toUpperCase(),
    );
    expect(told(email).toSorted()).toEqual([
      "A passkey was added",
      "A passkey was removed",
      "An app that shows codes was added",
      "Recovery codes were made anew",
      "The app that shows codes was removed",
      "Your second factor was taken away",
    ]);
    expect((await ask(browser, "GET", "/api/session")).json).toEqual({ signedIn: false });
    const entries = await acme.audited("second-factor.reset");
    expect(entries.at(-1)).toEqual({ person: userId, email });
    await expect(
      resetSecondFactorOf(createSystemContext(acme.ctx.host, acme.tenantId, "operator", "cli"), "nobody@acme.example"),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a proof that is older than ten minutes", () => {
  const changes = [
    ["POST", "/api/second-factor/codes"],
    ["DELETE", "/api/second-factor/codes"],
    ["POST", "/api/second-factor/recovery-codes"],
    ["POST", "/api/second-factor/passkeys/options"],
    ["DELETE", "/api/second-factor/passkeys/0"],
    ["POST", "/api/sign-in/identities"],
    ["DELETE", "/api/sign-in/identities/0"],
  ] as const;
  const mustProve = async (browser: TestBrowser) => (await ask(browser, "GET", "/api/second-factor")).json["mustProve"];

  it("changes no way to sign in, and says what to do; the second factor, shown again, does", async () => {
    const { browser, secret } = await withCodes();
    expect(await mustProve(browser)).toBe(false);
    later(601);
    expect(await mustProve(browser)).toBe(true);
    for (const [method, path] of changes) {
      const { status, json } = await ask(browser, method, path, {});
      expect([path, status, json["detail"]]).toEqual([
        path,
        403,
        expect.stringMatching(/show your second factor.*10 minutes/),
      ]);
    }
    expect(await mayWork(browser)).toBe(200);
    expect((await ask(browser, "POST", "/api/second-factor/show", { code: codeOf(secret) })).status).toBe(204);
    expect(await mustProve(browser)).toBe(false);
    expect((await ask(browser, "DELETE", "/api/second-factor/codes")).status).toBe(204);
  });

  it("is renewed by signing in, and not by switching over from another company", async () => {
    const { userId, browser } = await somebody();
    later(601);
    expect((await ask(browser, "POST", "/api/second-factor/codes")).status).toBe(403);
    expect((await ask(await acme.browserOf(userId), "POST", "/api/second-factor/codes")).status).toBe(201);
    expect((await ask(await acme.browserOf(userId, "switch"), "POST", "/api/second-factor/codes")).status).toBe(403);
  });

  it("lets who has to add their first one do so, for they can do nothing else", async () => {
    await acme.setPolicy({ secondFactor: "required" });
    const { userId } = await somebody();
    const browser = await acme.browserOf(userId, "switch");
    expect((await ask(browser, "POST", "/api/second-factor/codes")).status).toBe(201);
  });
});
