import { type SignInSetup, usualScopes } from "@finops/platform/identity/oidc/providers";
import { createOutsideFetch } from "@finops/platform/network/outside-fetch";
import { findUserByIdentity, linkIdentity } from "@finops/platform/identity/users";
import {
  type ProviderFault,
  startOpenIdProvider,
  testClient,
  type TestOpenIdProvider,
} from "@finops/platform/testing/openid-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBrowser, type TestBrowser, type Visit } from "./testing/browser.ts";
import { type HouseCompany, openHouse, type SignInHouse } from "./testing/sign-in-house.ts";

const tenant = "11111111-2222-4333-8444-555555555555";
const otherTenant = "99999999-2222-4333-8444-555555555555";
const redirectUris = ["http://localhost:3000/sign-in/callback"];
let google: TestOpenIdProvider;
let microsoft: TestOpenIdProvider;
let house: SignInHouse;
let acme: HouseCompany;
let ann: string;

beforeAll(async () => {
  google = await startOpenIdProvider({ redirectUris });
  microsoft = await startOpenIdProvider({ redirectUris, tenant });
  const shared = { ...testClient, scopes: usualScopes, tenantId: null };
  const signIn: SignInSetup = {
    isHttpAllowed: true,
    fetch: createOutsideFetch({ isInsideAllowed: true }),
    providers: [
      { key: "google", name: "Google", kind: "google", issuer: google.issuer, ...shared },
      { key: "microsoft", name: "Microsoft", kind: "microsoft", issuer: microsoft.issuer, ...shared },
    ],
  };
  house = await openHouse({ signIn });
  acme = await house.company("acme");
  ann = await acme.member("ann@acme.example");
  await linkIdentity(house.test.db, ann, google.tokenIssuer, "google-ann");
  await linkIdentity(house.test.db, ann, microsoft.tokenIssuer, "oid-ann");
});
afterAll(async () => {
  await house.close();
  await google.stop();
  await microsoft.stop();
});

beforeEach(async () => {
  google.account = { sub: "google-ann", email: "ann@acme.example", email_verified: true, name: "Ann" };
  microsoft.account = { sub: "pairwise", tid: tenant, oid: "oid-ann", email: "ann@acme.example" };
  for (const provider of [google, microsoft]) Object.assign(provider, { fault: {}, agrees: true });
  await acme.setPolicy({});
});

const signInWith = (browser: TestBrowser, provider: string, { origin } = acme, more = ""): Promise<Visit> =>
  browser.open(`${origin}/sign-in/with/${provider}?return=/explorer${more}`);

async function sessionOf(browser: TestBrowser, { origin } = acme) {
  return (await browser.ask(origin, "GET", "/api/session")).json;
}

async function lastRefusal(company = acme): Promise<{ reason: string } | undefined> {
  const refused = (await company.audited("sign-in.refused")) as { reason: string; examples?: { reason: string }[] }[];
  return refused.at(-1);
}

describe("signing in with a provider", () => {
  it.each([
    ["google", "google"],
    ["microsoft", "microsoft"],
  ])("goes to %s, back to the central address, and on to the company's host", async (key, method) => {
    const browser = createBrowser(house.api);
    const visit = await signInWith(browser, key);
    expect(visit.url.href).toBe(`${acme.origin}/explorer`);
    const ours = visit.way.map((at) => new URL(at)).filter(({ hostname }) => hostname.endsWith("localhost"));
    expect(ours.map(({ host, pathname }) => host + pathname)).toEqual([
      `acme.localhost:3000/sign-in/with/${key}`,
      "localhost:3000/sign-in/callback",
      "acme.localhost:3000/sign-in/arrive",
      "acme.localhost:3000/explorer",
    ]);
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, email: "ann@acme.example", company: "acme" });
    expect((await acme.audited("session.started")).at(-1)).toMatchObject({ method });
  });

  it("sends state, nonce and a PKCE challenge, other ones each time, and the verifier with the code", async () => {
    const ways = await Promise.all([1, 2].map(() => signInWith(createBrowser(house.api), "google")));
    const [first, second] = ways.map((visit) => new URL(visit.way[1]!).searchParams);
    expect(first!.get("code_challenge_method")).toBe("S256");
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(first!.get(name)!.length).toBeGreaterThanOrEqual(43);
      expect(first!.get(name)).not.toBe(second!.get(name));
    }
    expect(google.tokenRequests.at(-1)!.get("code_verifier")!.length).toBeGreaterThanOrEqual(43);
  });

  it("from the platform's own host stays there, for the company that is named", async () => {
    const browser = createBrowser(house.api);
    const own = { ...acme, origin: "http://localhost:3000" };
    const visit = await signInWith(browser, "google", own, "&company=acme");
    expect(visit.url.href).toBe("http://localhost:3000/explorer");
    expect(await sessionOf(browser, own)).toMatchObject({ signedIn: true, company: "acme" });
  });

  it("leads to no other site afterwards", async () => {
    for (const path of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]) {
      const visit = await createBrowser(house.api).open(
        `${acme.origin}/sign-in/with/google?return=${encodeURIComponent(path)}`,
      );
      expect(visit.url.href).toBe(`${acme.origin}/`);
    }
  });

  it("tells who does not agree, and starts no session", async () => {
    google.agrees = false;
    const browser = createBrowser(house.api);
    expect((await signInWith(browser, "google")).url.search).toBe("?error=cancelled");
    expect(await sessionOf(browser)).toEqual({ signedIn: false });
  });

  it("is offered alike for a company that there is, and for one that there is not", async () => {
    const browser = createBrowser(house.api);
    const options = await Promise.all(
      ["acme", "nobody"].map((slug) => browser.ask(`http://${slug}.localhost:3000`, "GET", "/api/sign-in/options")),
    );
    expect(options[0]).toEqual(options[1]);
    const unknown = await browser.open("http://nobody.localhost:3000/sign-in/with/google");
    const notOffered = await browser.open(`${acme.origin}/sign-in/with/okta`);
    expect([unknown.url.search, notOffered.url.search]).toEqual(["?error=unavailable", "?error=unavailable"]);
  });
});

describe("an answer that a provider would not give", () => {
  let companies = 0;
  const now = () => Math.floor(new Date().getTime() / 1000);
  const faults: [string, "google" | "microsoft", ProviderFault, RegExp][] = [
    ["another nonce", "google", { idToken: (claims) => ({ ...claims, nonce: "other" }) }, /nonce/],
    ["no nonce", "google", { idToken: (claims) => without(claims, "nonce") }, /nonce/],
    ["another audience", "google", { idToken: (claims) => ({ ...claims, aud: "another-client" }) }, /aud/],
    ["another issuer", "google", { idToken: (claims) => ({ ...claims, iss: "https://evil.example" }) }, /iss/],
    ["an expired token", "google", { idToken: (claims) => ({ ...claims, exp: now() - 3600 }) }, /exp/],
    ["a token without an end", "google", { idToken: (claims) => without(claims, "exp") }, /exp/],
    ["a token without signature", "google", { signature: "none" }, /alg/],
    ["a token of a foreign key", "google", { signature: "foreign" }, /signature/],
    ["a foreign key for Microsoft", "microsoft", { signature: "foreign" }, /signature/],
    ["the tenant of another issuer", "microsoft", { idToken: (claims) => ({ ...claims, tid: otherTenant }) }, /iss/],
    [
      "an issuer of another tenant",
      "microsoft",
      { idToken: (claims) => ({ ...claims, iss: claims.iss!.replace(tenant, otherTenant) }) },
      /iss/,
    ],
    ["no tenant", "microsoft", { idToken: (claims) => without(claims, "tid") }, /tenant/],
    ["no object id", "microsoft", { idToken: (claims) => without(claims, "oid") }, /subject/],
    [
      "the issuer of another provider (mix-up)",
      "google",
      { callback: (to) => to.set("iss", "https://evil.example") },
      /iss/,
    ],
    ["no issuer, though it always tells one", "google", { callback: (to) => to.delete("iss") }, /iss/],
    ["a code that is none", "google", { callback: (to) => to.set("code", "made-up") }, /invalid_grant/],
    ["no code", "google", { callback: (to) => to.delete("code") }, /code/],
  ];
  it.each(faults)("is refused: %s", async (_, key, fault, reason) => {
    (key === "google" ? google : microsoft).fault = fault;
    const browser = createBrowser(house.api);
    // One of its own, for a company's refusals of a minute are told together.
    const company = await house.company(`faulty-${(companies += 1)}`);
    const visit = await signInWith(browser, key, company);
    expect([visit.url.origin, visit.url.search]).toEqual([company.origin, "?error=provider"]);
    expect(await sessionOf(browser, company)).toEqual({ signedIn: false });
    expect((await lastRefusal(company))?.reason).toMatch(reason);
  });

  it("is refused: another state, and a state twice", async () => {
    const browser = createBrowser(house.api);
    google.fault = { callback: (to) => to.set("state", "a".repeat(43)) };
    expect((await signInWith(browser, "google")).url.search).toBe("?error=expired");
    google.fault = {};
    const visit = await signInWith(browser, "google");
    const callback = visit.way.find((at) => at.includes("/sign-in/callback"))!;
    expect((await browser.open(callback)).url.search).toBe("?error=expired");
    const arrive = visit.way.find((at) => at.includes("/sign-in/arrive"))!;
    expect((await browser.open(arrive)).url.search).toBe("?error=expired");
  });

  it("is refused: the code of another way (another verifier)", async () => {
    let kept = "";
    google.fault = { callback: (to) => (kept = to.get("code")!) };
    const first = createBrowser(house.api);
    let at = `${acme.origin}/sign-in/with/google`;
    // Not further than the provider's answer, so that the code stays good.
    while (!at.includes("/sign-in/callback")) at = new URL((await first.step(at)).headers.get("location")!, at).href;
    google.fault = { callback: (to) => to.set("code", kept) };
    expect((await signInWith(createBrowser(house.api), "google")).url.search).toBe("?error=provider");
  });
});

describe("another browser", () => {
  const wayTo = async (browser: TestBrowser, part: string) => {
    let at = `${acme.origin}/sign-in/with/google`;
    while (!at.includes(part)) at = new URL((await browser.step(at)).headers.get("location")!, at).href;
    return at;
  };

  it.each([["/sign-in/callback"], ["/sign-in/arrive"]])(
    "than the one that set out gets nothing by %s",
    async (part) => {
      const attacker = createBrowser(house.api);
      const stolen = await wayTo(attacker, part);
      const victim = createBrowser(house.api);
      expect((await victim.open(stolen)).url.search).toBe("?error=browser");
      const withOwnCookie = createBrowser(house.api);
      await withOwnCookie.step(`${acme.origin}/sign-in/with/google`);
      const again = await wayTo(createBrowser(house.api), part);
      expect((await withOwnCookie.open(again)).url.search).toBe("?error=expired");
      for (const browser of [victim, withOwnCookie]) expect(await sessionOf(browser)).toEqual({ signedIn: false });
    },
  );

  it("cannot add its account to the one of who set out", async () => {
    const mallory = await acme.browserOf(await acme.member("mallory@acme.example"));
    const { json } = await mallory.ask(acme.origin, "POST", "/api/sign-in/identities", { provider: "google" });
    google.account = { sub: "google-victim", email: "victim@else.example", email_verified: true };
    await createBrowser(house.api).open(json["location"] as string);
    expect(await findUserByIdentity(house.test.db, google.tokenIssuer, "google-victim")).toBeNull();
  });
});

describe("somebody whom nobody linked", () => {
  it("is told that the account does not belong here", async () => {
    google.account = { sub: "google-stranger", email: "stranger@else.example", email_verified: true };
    const browser = createBrowser(house.api);
    expect((await signInWith(browser, "google")).url.search).toBe("?error=no-account");
    expect(await sessionOf(browser)).toEqual({ signedIn: false });
  });

  it("with the address of a member confirms by mail, in the same browser, and is known from then on", async () => {
    const bob = await acme.member("bob@acme.example");
    google.account = { sub: "google-bob", email: "Bob@acme.example", email_verified: true };
    const browser = createBrowser(house.api);
    expect((await signInWith(browser, "google")).url.search).toBe("?error=email-sent");
    expect(await sessionOf(browser)).toEqual({ signedIn: false });
    const [mail] = house.outbox.list();
    expect(mail!.to).toBe("bob@acme.example");
    const link = /http\S+/.exec(mail!.text)![0];
    // A scanner opens it, and somebody else presses the button: nothing is used up.
    expect((await createBrowser(house.api).open(link)).status).toBe(200);
    const elsewhere = await createBrowser(house.api).step(link, { method: "POST" });
    expect(elsewhere.headers.get("location")).toBe("/sign-in?error=browser");
    expect((await browser.open(link)).text).toContain(google.tokenIssuer);
    expect((await browser.step(link, { method: "POST" })).headers.get("location")).toBe("/");
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, email: "bob@acme.example" });
    expect(await findUserByIdentity(house.test.db, google.tokenIssuer, "google-bob")).toBe(bob);
    expect(await acme.audited("identity.linked")).toContainEqual({
      provider: google.tokenIssuer,
      subject: "google-bob",
    });
    expect((await signInWith(createBrowser(house.api), "google")).url.pathname).toBe("/explorer");
  });

  it("with an address that the provider has not checked gets in by no address at all", async () => {
    await acme.setPolicy({ provisioning: provisioning(true), allowedDomains: ["acme.example"] });
    for (const [key, account] of [
      ["google", { sub: "g2", email: "ann@acme.example", email_verified: false }],
      ["microsoft", { sub: "m2", tid: tenant, oid: "oid-2", email: "ann@acme.example", email_verified: true }],
    ] as const) {
      (key === "google" ? google : microsoft).account = account;
      expect((await signInWith(createBrowser(house.api), key)).url.search).toBe("?error=email-unverified");
    }
    google.account = { sub: "g3" };
    expect((await signInWith(createBrowser(house.api), "google")).url.search).toBe("?error=email-missing");
  });

  it("who is signed in adds a provider, which nobody else can add then", async () => {
    const carla = await acme.member("carla@acme.example");
    const browser = await acme.browserOf(carla);
    google.account = { sub: "google-carla", email: "carla@private.example", email_verified: false };
    const { json } = await browser.ask(acme.origin, "POST", "/api/sign-in/identities", {
      provider: "google",
      return: "/profile",
    });
    expect((await browser.open(json["location"] as string)).url.href).toBe(`${acme.origin}/profile`);
    expect(await findUserByIdentity(house.test.db, google.tokenIssuer, "google-carla")).toBe(carla);
    const other = await acme.browserOf(ann);
    const wish = await other.ask(acme.origin, "POST", "/api/sign-in/identities", { provider: "google" });
    expect((await other.open(wish.json["location"] as string)).url.search).toBe("?error=linked-elsewhere");
    const { json: list } = await browser.ask(acme.origin, "GET", "/api/sign-in/identities");
    const [identity] = list["identities"] as { id: string; issuer: string }[];
    expect(identity!.issuer).toBe(google.tokenIssuer);
    expect((await other.ask(acme.origin, "DELETE", `/api/sign-in/identities/${identity!.id}`)).status).toBe(404);
    expect((await browser.ask(acme.origin, "DELETE", `/api/sign-in/identities/${identity!.id}`)).status).toBe(204);
    expect(await findUserByIdentity(house.test.db, google.tokenIssuer, "google-carla")).toBeNull();
  });
});

describe("a company's rules", () => {
  it("let people of its domains join with the role that they say, and nobody else", async () => {
    await acme.setPolicy({ provisioning: provisioning(true), allowedDomains: ["acme.example"] });
    google.account = {
      sub: "google-new",
      email: "new@acme.example",
      email_verified: true,
      name: "New",
      groups: ["devs"],
    };
    const browser = createBrowser(house.api);
    expect((await signInWith(browser, "google")).url.pathname).toBe("/explorer");
    expect(await sessionOf(browser)).toMatchObject({ email: "new@acme.example", role: "viewer" });
    expect(await acme.audited("member.joined")).toMatchObject([{ email: "new@acme.example", role: "viewer" }]);
    const { attributes } = await house.test.db.inTenant(acme.tenantId, (tx) =>
      tx.memberAttributes.findFirstOrThrow({ where: { member: { user: { email: "new@acme.example" } } } }),
    );
    expect(attributes).toEqual({ groups: ["devs"] });
    google.account = { sub: "google-else", email: "new@else.example", email_verified: true };
    expect((await signInWith(createBrowser(house.api), "google")).url.search).toBe("?error=domain");
  });

  it("make somebody whom another company knows confirm by mail before they join", async () => {
    const gamma = await house.company("gamma");
    await gamma.member("gina@acme.example");
    await acme.setPolicy({ provisioning: provisioning(true), allowedDomains: ["acme.example"] });
    google.account = { sub: "google-gina", email: "gina@acme.example", email_verified: true };
    const browser = createBrowser(house.api);
    expect((await signInWith(browser, "google")).url.search).toBe("?error=email-sent");
    const link = /http\S+/.exec(house.outbox.list()[0]!.text)![0];
    await browser.step(link, { method: "POST" });
    expect(await sessionOf(browser)).toMatchObject({ email: "gina@acme.example", role: "viewer", company: "acme" });
  });

  it("refuse other issuers than those allowed, and other ways than the one required", async () => {
    await acme.setPolicy({ allowedIssuers: [google.tokenIssuer] });
    expect((await signInWith(createBrowser(house.api), "microsoft")).url.search).toBe("?error=issuer");
    expect((await signInWith(createBrowser(house.api), "google")).url.pathname).toBe("/explorer");
    await acme.setPolicy({ requiredIssuer: microsoft.tokenIssuer });
    expect((await signInWith(createBrowser(house.api), "google")).url.search).toBe("?error=issuer");
    expect((await signInWith(createBrowser(house.api), "microsoft")).url.pathname).toBe("/explorer");
    const { json } = await createBrowser(house.api).ask(acme.origin, "GET", "/api/sign-in/options");
    expect(json).toMatchObject({ emailLink: false, passkey: false });
  });

  it("bring a provider of their own, whose secret is sealed, and which no other company believes", async () => {
    const admin = await acme.browserOf(await acme.member("admin@acme.example", "admin"));
    const made = await admin.ask(acme.origin, "POST", "/api/v1/identity-providers", {
      name: "Acme login",
      issuer: google.issuer,
      ...testClient,
    });
    expect([made.status, made.json]).toMatchObject([201, { hasSecret: true, issuer: google.issuer }]);
    expect(JSON.stringify(made.json)).not.toContain(testClient.clientSecret);
    const row = await house.test.db.inTenant(acme.tenantId, (tx) => tx.identityProvider.findFirstOrThrow());
    expect(row.clientSecretSealed).toMatch(/^v1\./);
    const key = made.json["id"] as string;
    const tested = await admin.ask(acme.origin, "POST", `/api/v1/identity-providers/${key}/test`);
    expect((tested.json["findings"] as { ok: boolean }[]).every(({ ok }) => ok)).toBe(true);

    // Ann is known by this issuer and subject, but as the installation's provider says it.
    expect((await signInWith(createBrowser(house.api), key)).url.search).toBe("?error=email-sent");
    const browser = await acme.browserOf(ann);
    const wish = await browser.ask(acme.origin, "POST", "/api/sign-in/identities", { provider: key });
    await browser.open(wish.json["location"] as string);
    const signedIn = createBrowser(house.api);
    expect((await signInWith(signedIn, key)).url.pathname).toBe("/explorer");
    expect((await acme.audited("session.started")).at(-1)).toMatchObject({ method: "company-provider" });
    const delta = await house.company("delta");
    expect((await signInWith(createBrowser(house.api), key, delta)).url.search).toBe("?error=unavailable");

    expect((await admin.ask(acme.origin, "PATCH", `/api/v1/identity-providers/${key}`, { isOn: false })).status).toBe(
      200,
    );
    expect((await signInWith(createBrowser(house.api), key)).url.search).toBe("?error=unavailable");
  });
});

function provisioning(isOn: boolean) {
  return { isOn, role: "viewer", groupClaim: "groups" };
}

function without(claims: object, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}
