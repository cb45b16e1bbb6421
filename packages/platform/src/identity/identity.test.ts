import { fixedClock } from "@finops/kernel/clock";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allPermissions } from "../access/permissions.ts";
import { createTenant, type Tenant } from "../tenancy/tenants.ts";
import { createContext } from "../tenancy/context.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createTestHost } from "../testing/test-host.ts";
import { createApiKey, findApiKey, findRefusedKey, listApiKeys, revokeApiKey } from "./api-keys.ts";
import { createSession, endSession, findSession } from "./sessions.ts";
import { createSignInLink, findRefusedLink, findSignInLink, useSignInLink } from "./sign-in-links.ts";
import { ensureUser, findUserByIdentity, linkIdentity, listCompaniesOfUser, setMember } from "./users.ts";

let test: TestDatabase;
let acme: Tenant;
let ann: string;
const noon = fixedClock("2026-11-22T12:00:00Z");

beforeAll(async () => {
  test = await createTestDatabase();
  acme = await createTenant(test.db, { slug: "acme", name: "Acme" });
  ann = await ensureUser(test.db, { email: "Ann@acme.example", name: "Ann" });
  await setMember(test.db, acme.id, ann, "owner");
});

afterAll(() => test.drop());

describe("people", () => {
  it("are one person per address, however it is written", async () => {
    expect(await ensureUser(test.db, { email: " ann@ACME.example", name: "Ann again" })).toBe(ann);
  });

  it("need an address", async () => {
    await expect(ensureUser(test.db, { email: "ann", name: "Ann" })).rejects.toMatchObject({ code: "invalid" });
  });

  it("are seen by the companies that they belong to, and by no other", async () => {
    const beta = await createTenant(test.db, { slug: "beta", name: "Beta" });
    const names = (tenantId: string) =>
      test.db.inTenant(tenantId, async (tx) => (await tx.user.findMany()).map((user) => user.name));
    expect([await names(acme.id), await names(beta.id)]).toEqual([["Ann"], []]);
  });

  it("cannot be given a role that the company does not have", async () => {
    await expect(setMember(test.db, acme.id, ann, "king")).rejects.toMatchObject({ code: "not_found" });
  });

  it("choose from the companies that they belong to", async () => {
    const gamma = await createTenant(test.db, { slug: "gamma", name: "Gamma" });
    const bob = await ensureUser(test.db, { email: "bob@example.com", name: "Bob" });
    await setMember(test.db, acme.id, bob, "viewer");
    await setMember(test.db, gamma.id, bob, "owner");
    await setMember(test.db, gamma.id, bob, "analyst");
    expect((await listCompaniesOfUser(test.db, bob)).map(({ slug, roleKey }) => [slug, roleKey])).toEqual([
      ["acme", "viewer"],
      ["gamma", "finops"],
    ]);
  });

  it("are found by the identity that they linked, which nobody else can link", async () => {
    await linkIdentity(test.db, ann, "google", "1234");
    expect(await findUserByIdentity(test.db, "google", "1234")).toBe(ann);
    expect(await findUserByIdentity(test.db, "microsoft", "1234")).toBeNull();
    await expect(linkIdentity(test.db, ann, "google", "1234")).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a sign-in link", () => {
  const newLink = async () => (await createSignInLink(test.db, noon, { tenantId: acme.id, userId: ann })).token;

  it("works once", async () => {
    const { token } = await createSignInLink(test.db, noon, { tenantId: acme.id, userId: ann });
    expect(await findSignInLink(test.db, noon, token)).toMatchObject({ kind: "mail", email: "ann@acme.example" });
    const nothingElse = { isRemembered: false, identity: null, joinsAs: null };
    expect(await useSignInLink(test.db, noon, token)).toEqual({ tenantId: acme.id, userId: ann, ...nothingElse });
    expect(await useSignInLink(test.db, noon, token)).toBeNull();
    expect(await findSignInLink(test.db, noon, token)).toBeNull();
  });

  it("works for one of many who use it at the same moment", async () => {
    const { token } = await createSignInLink(test.db, noon, { tenantId: acme.id, userId: ann });
    const uses = await Promise.all(Array.from({ length: 8 }, () => useSignInLink(test.db, noon, token)));
    expect(uses.filter((use) => use !== null)).toHaveLength(1);
  });

  it("works up to 15 minutes", async () => {
    const link = () => createSignInLink(test.db, noon, { tenantId: acme.id, userId: ann });
    const [inTime, late] = [await link(), await link()];
    expect(await useSignInLink(test.db, fixedClock("2026-11-22T12:14:59Z"), inTime.token)).not.toBeNull();
    expect(await useSignInLink(test.db, fixedClock("2026-11-22T12:15:00Z"), late.token)).toBeNull();
  });

  it("that was refused says whose it is and why, and one that never was says nothing", async () => {
    const [used, old] = [await newLink(), await newLink()];
    await useSignInLink(test.db, noon, used);
    const whose = { tenantId: acme.id, userId: ann, userName: "Ann" };
    expect(await findRefusedLink(test.db, noon, used)).toEqual({ ...whose, reason: "the link was used before" });
    const later = fixedClock("2026-11-22T12:15:00Z");
    expect(await findRefusedLink(test.db, later, old)).toEqual({ ...whose, reason: "the link is too old" });
    expect(await findRefusedLink(test.db, noon, "guess")).toBeNull();
  });

  it("is not stored in a form that signs anybody in", async () => {
    const { token } = await createSignInLink(test.db, noon, { tenantId: acme.id, userId: ann });
    const stored = await test.db.inTenant(acme.id, (tx) => tx.signInLink.findMany());
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});

describe("a session", () => {
  const start = () => createSession(test.db, noon, { tenantId: acme.id, userId: ann, method: "link" });

  it("tells who is signed in and what they may do", async () => {
    const { token } = await start();
    expect(await findSession(test.db, noon, token)).toMatchObject({
      tenantId: acme.id,
      tenantSlug: "acme",
      userId: ann,
      email: "ann@acme.example",
      roleKey: "owner",
      permissions: new Set(allPermissions),
    });
  });

  it("gives a role of the company's own the permissions that were stored for it", async () => {
    const cara = await ensureUser(test.db, { email: "cara@acme.example", name: "Cara" });
    await test.db.inTenant(acme.id, (tx) =>
      tx.role.create({
        data: { key: "importer", name: "Importer", permissions: { create: [{ key: "imports:write" }] } },
      }),
    );
    await setMember(test.db, acme.id, cara, "importer");
    const { token } = await createSession(test.db, noon, { tenantId: acme.id, userId: cara, method: "link" });
    expect((await findSession(test.db, noon, token))?.permissions).toEqual(new Set(["imports:write"]));
  });

  it("ends when it is ended", async () => {
    const { token } = await start();
    await endSession(test.db, noon, token);
    expect(await findSession(test.db, noon, token)).toBeNull();
  });

  it("runs out as the company's policy says: without use, in any case, and later where it is remembered", async () => {
    const { token } = await start();
    const remembered = (
      await createSession(test.db, noon, { tenantId: acme.id, userId: ann, method: "link", isRemembered: true })
    ).token;
    const isThere = async (one: string, at: string) =>
      (await findSession(test.db, fixedClock(`2026-${at}Z`), one)) !== null;
    expect([await isThere(token, "11-22T12:59:59"), await isThere(token, "11-22T13:00:00")]).toEqual([true, false]);
    expect(await isThere(remembered, "12-22T11:59:59")).toBe(true);
    expect(await isThere(remembered, "12-22T12:00:00")).toBe(false);
  });

  it("ends for a person who is disabled, and tells the state of the company", async () => {
    const delta = await createTenant(test.db, { slug: "delta", name: "Delta" });
    const dan = await ensureUser(test.db, { email: "dan@delta.example", name: "Dan" });
    await setMember(test.db, delta.id, dan, "owner");
    const { token } = await createSession(test.db, noon, { tenantId: delta.id, userId: dan, method: "link" });
    const admin = new Client({ connectionString: test.adminUrl });
    await admin.connect();
    await admin.query("update app_user set disabled_at = now() where id = $1", [dan]);
    expect(await findSession(test.db, noon, token)).toBeNull();
    await admin.query("update app_user set disabled_at = null where id = $1", [dan]);
    await admin.query("update tenant set state = 'locked' where id = $1", [delta.id]);
    expect(await findSession(test.db, noon, token)).toMatchObject({ companyState: "locked" });
    await admin.end();
  });

  it("is unknown by any other token", async () => {
    await start();
    expect(await findSession(test.db, noon, "guess")).toBeNull();
  });
});

describe("an API key", () => {
  const context = (permissions: readonly string[] = allPermissions) =>
    createContext(createTestHost({ db: test.db, clock: noon }), {
      tenantId: acme.id,
      actor: { kind: "person", id: ann, name: "Ann" },
      via: "page",
      permissions,
    });

  it("acts for its company with its own permissions", async () => {
    const { key, apiKey } = await createApiKey(context(), { name: "CI", permissions: ["costs:read"] });
    expect(await findApiKey(test.db, noon, key)).toEqual({
      keyId: apiKey.id,
      tenantId: acme.id,
      tenantSlug: "acme",
      companyState: "active",
      companySettings: {},
      ratePerMinute: null,
      name: "CI",
      permissions: new Set(["costs:read"]),
      rowFilters: new Map(),
    });
  });

  it("cannot do more than its maker", async () => {
    const make = createApiKey(context(["keys:write"]), { name: "CI", permissions: ["imports:write"] });
    await expect(make).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining("imports:write") });
  });

  it("is made only by those who may", async () => {
    await expect(createApiKey(context([]), { name: "CI", permissions: [] })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("stops when it is revoked, which is noted", async () => {
    const { key, apiKey } = await createApiKey(context(), { name: "Old", permissions: [] });
    await revokeApiKey(context(), apiKey.id);
    expect(await findApiKey(test.db, noon, key)).toBeNull();
    await expect(revokeApiKey(context(), apiKey.id)).rejects.toMatchObject({ code: "not_found" });
    const noted = await test.db.inTenant(acme.id, (tx) =>
      tx.auditEntry.findMany({ where: { action: "api-key.revoked" } }),
    );
    expect(noted).toMatchObject([{ actorName: "Ann", before: { id: apiKey.id } }]);
  });

  it("stops when it runs out", async () => {
    const { key } = await createApiKey(context(), {
      name: "Short",
      permissions: [],
      expiresAt: new Date("2026-11-22T13:00:00Z"),
    });
    const later = fixedClock("2026-11-22T13:00:00Z");
    expect(await findApiKey(test.db, later, key)).toBeNull();
    expect(await findRefusedKey(test.db, later, key)).toMatchObject({
      tenantId: acme.id,
      keyName: "Short",
      reason: "the key has expired",
    });
    expect(await findRefusedKey(test.db, later, "finops_guess")).toBeNull();
  });

  it("is listed without what would let anybody use it", async () => {
    const { key } = await createApiKey(context(), { name: "Listed", permissions: [] });
    const listed = JSON.stringify(await listApiKeys(context()));
    expect(listed).toContain('"Listed"');
    expect(listed).not.toContain(key);
    expect(listed).not.toContain("tokenHash");
  });
});
