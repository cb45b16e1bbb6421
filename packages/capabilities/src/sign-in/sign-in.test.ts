import { fixedClock } from "@finops/kernel/clock";
import { allPermissions } from "@finops/platform/access/permissions";
import type { Host } from "@finops/platform/host";
import type { IssuerFetch } from "@finops/platform/identity/oidc/issuer-metadata";
import { readSignInSetup } from "@finops/platform/identity/oidc/providers";
import { allowsJoining, SignInPolicy } from "@finops/platform/identity/sign-in-policy";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addIdentityProvider,
  changeIdentityProvider,
  findSignInProvider,
  listIdentityProviders,
  removeIdentityProvider,
  testIdentityProvider,
} from "./identity-providers.ts";
import { changeSignInSettings, getSignInSettings } from "./sign-in-settings.ts";

let test: TestDatabase;
let host: Host;
let acme: Context;
let beta: Context;
let viewer: Context;

beforeAll(async () => {
  test = await createTestDatabase();
  host = createTestHost({ db: test.db, clock: fixedClock("2026-11-22T12:00:00Z") });
  const contextOf = (tenantId: string, permissions: readonly string[]) =>
    createContext(host, { tenantId, actor: { kind: "person", id: "1", name: "Ann" }, via: "page", permissions });
  const { id } = await createTenant(test.db, { slug: "acme", name: "Acme" });
  acme = contextOf(id, allPermissions);
  viewer = contextOf(id, ["costs:read", "members:read"]);
  beta = contextOf((await createTenant(test.db, { slug: "beta", name: "Beta" })).id, allPermissions);
});
afterAll(() => test.drop());

const okta = { name: "Okta", issuer: "https://acme.okta.example", clientId: "finops", clientSecret: "s3cret" };
const audited = (ctx: Context) =>
  ctx.inTenant((tx) => tx.auditEntry.findMany({ orderBy: { sequence: "asc" }, omit: { sequence: true } }));

describe("a company's provider", () => {
  it("is kept with its secret sealed, which nothing tells again", async () => {
    const added = await addIdentityProvider(acme, okta);
    expect(added).toMatchObject({ name: "Okta", hasSecret: true, scopes: ["openid", "email", "profile"], isOn: true });
    const changed = await changeIdentityProvider(acme, added.id, { name: "Okta 2", clientSecret: "other-s3cret" });
    expect(changed).toMatchObject({ name: "Okta 2", clientId: "finops", issuer: okta.issuer });
    expect(await findSignInProvider(host, acme.tenantId, added.id)).toMatchObject({ clientSecret: "other-s3cret" });
    const rows = await acme.inTenant((tx) => tx.identityProvider.findMany());
    const told = JSON.stringify([rows, await audited(acme), await listIdentityProviders(acme), changed]);
    expect(told).not.toContain("s3cret");
    expect((await listIdentityProviders(acme)).redirectUri).toBe("http://localhost:3000/sign-in/callback");
    await removeIdentityProvider(acme, added.id);
    expect(await findSignInProvider(host, acme.tenantId, added.id)).toBeNull();
    expect((await audited(acme)).map(({ action }) => action)).toEqual([
      "identity-provider.added",
      "identity-provider.changed",
      "identity-provider.removed",
    ]);
  });

  it("does not open with the secret of another", async () => {
    const [one, two] = [
      await addIdentityProvider(acme, { ...okta, name: "One" }),
      await addIdentityProvider(acme, { ...okta, name: "Two" }),
    ];
    await acme.inTenant(async (tx) => {
      const { clientSecretSealed } = await tx.identityProvider.findUniqueOrThrow({ where: { id: one.id } });
      await tx.identityProvider.update({ where: { id: two.id }, data: { clientSecretSealed } });
    });
    await expect(findSignInProvider(host, acme.tenantId, two.id)).rejects.toMatchObject({ code: "internal" });
    for (const { id } of [one, two]) await removeIdentityProvider(acme, id);
  });

  it.each([
    ["http://login.acme.example"],
    ["login.acme.example"],
    ["https://login.acme.example?tenant=1"],
    ["https://ann:secret@login.acme.example"],
    ["file:///etc/passwd"],
  ])("is no %s", async (issuer) => {
    await expect(addIdentityProvider(acme, { ...okta, issuer })).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("is no issuer"),
    });
  });

  it("that does not answer says so when it is tested", async () => {
    const { id } = await addIdentityProvider(acme, { ...okta, name: "Gone", issuer: "https://127.0.0.1:1" });
    const { findings } = await testIdentityProvider(acme, id);
    expect(findings).toMatchObject([
      { what: "Discovery", ok: false, detail: expect.stringContaining("/.well-known/openid-configuration") },
      { what: "Redirect URI", ok: true, detail: expect.stringContaining("http://localhost:3000/sign-in/callback") },
    ]);
    await removeIdentityProvider(acme, id);
  });

  it("is for who may change settings, and for its own company alone", async () => {
    const { id } = await addIdentityProvider(acme, okta);
    const tries: ((ctx: Context) => Promise<unknown>)[] = [
      (ctx) => changeIdentityProvider(ctx, id, { isOn: false }),
      (ctx) => removeIdentityProvider(ctx, id),
      (ctx) => testIdentityProvider(ctx, id),
    ];
    for (const attempt of tries) {
      await expect(attempt(viewer)).rejects.toMatchObject({ code: "forbidden" });
      await expect(attempt(beta)).rejects.toMatchObject({ code: "not_found" });
    }
    for (const attempt of [
      (ctx: Context) => listIdentityProviders(ctx),
      (ctx: Context) => addIdentityProvider(ctx, { ...okta, name: "Mine" }),
      (ctx: Context) => getSignInSettings(ctx),
      (ctx: Context) => changeSignInSettings(ctx, {}),
    ])
      await expect(attempt(viewer)).rejects.toMatchObject({ code: "forbidden" });
    expect((await listIdentityProviders(beta)).providers).toEqual([]);
    expect(await findSignInProvider(host, beta.tenantId, id)).toBeNull();
  });
});

describe("a company's rules of signing in", () => {
  it("hold from then on, and stand in the audit", async () => {
    const rules = {
      allowedDomains: ["Acme.com"],
      secondFactor: "required",
      provisioning: { isOn: true, role: "viewer" },
    };
    expect(await changeSignInSettings(acme, rules)).toMatchObject({ allowedDomains: ["acme.com"] });
    expect(await getSignInSettings(acme)).toMatchObject({ secondFactor: "required", requiredIssuer: null });
    expect((await audited(acme)).at(-1)).toMatchObject({
      action: "sign-in-settings.changed",
      before: { secondFactor: "optional" },
      after: { secondFactor: "required" },
    });
    expect(await getSignInSettings(beta)).toMatchObject({ secondFactor: "optional" });
  });

  it("let nobody join whom nobody named, nor with more than their giver has", async () => {
    const joining = (role: string) => ({ allowedDomains: ["acme.com"], provisioning: { isOn: true, role } });
    await expect(changeSignInSettings(acme, { provisioning: { isOn: true } })).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(changeSignInSettings(acme, joining("owner"))).rejects.toMatchObject({ code: "forbidden" });
    await expect(changeSignInSettings(acme, joining("king"))).rejects.toMatchObject({ code: "not_found" });
    const setter = { ...viewer, permissions: new Set(["settings:write"]) };
    await expect(changeSignInSettings(setter, joining("finops"))).rejects.toMatchObject({ code: "forbidden" });
  });

  it.each([
    [{ allowedDomains: ["acme.com"] }, "https://any.example", "ann@acme.com", true],
    [{ allowedDomains: ["acme.com"] }, "https://any.example", "ann@notacme.com", false],
    [{ allowedDomains: ["acme.com"] }, "https://any.example", "ann@acme.com@evil.com", false],
    [{ allowedIssuers: ["https://a.example"] }, "https://a.example", "ann@any.com", true],
    [{ allowedIssuers: ["https://a.example"] }, "https://b.example", "ann@any.com", false],
    [{ requiredIssuer: "https://a.example" }, "https://a.example", "ann@any.com", true],
    [{}, "https://a.example", "ann@acme.com", false],
  ])("%j let in from %s with %s: %s", (rules, issuer, email, joins) => {
    const policy = SignInPolicy.parse({ ...rules, provisioning: { isOn: true } });
    expect(allowsJoining(policy, issuer, email)).toBe(joins);
    expect(allowsJoining({ ...policy, provisioning: { ...policy.provisioning, isOn: false } }, issuer, email)).toBe(
      false,
    );
  });
});

describe("the installation's providers", () => {
  it("come from the environment", () => {
    const reaches: boolean[] = [];
    const createFetch = ({ isInsideAllowed }: { isInsideAllowed: boolean }): IssuerFetch => {
      reaches.push(isInsideAllowed);
      return () => Promise.reject(new Error("nobody is asked"));
    };
    const client = { FINOPS_GOOGLE_CLIENT_ID: "g", FINOPS_GOOGLE_CLIENT_SECRET: "s" };
    const microsoft = { FINOPS_MICROSOFT_CLIENT_ID: "m", FINOPS_MICROSOFT_CLIENT_SECRET: "s" };
    expect(readSignInSetup({ ...client, ...microsoft }, createFetch)).toMatchObject({
      isHttpAllowed: false,
      providers: [
        { key: "google", issuer: "https://accounts.google.com", clientId: "g" },
        { key: "microsoft", issuer: "https://login.microsoftonline.com/organizations/v2.0", clientId: "m" },
      ],
    });
    expect(readSignInSetup({}, createFetch).providers).toEqual([]);
    expect(() => readSignInSetup({ FINOPS_GOOGLE_CLIENT_ID: "g" }, createFetch)).toThrow("go together");
    expect(reaches).toEqual([false, false]);
    for (const name of ["FINOPS_HTTP_ISSUERS", "FINOPS_ALLOW_PRIVATE_ISSUERS"])
      readSignInSetup({ [name]: "1" }, createFetch);
    expect(reaches).toEqual([false, false, true, true]);
  });
});
