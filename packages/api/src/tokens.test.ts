import { newId } from "@finops/kernel/id";
import { createAccessTokens } from "@finops/platform/identity/access-tokens";
import { type ApiKeySummary, createApiKey, revokeApiKey } from "@finops/platform/identity/api-keys";
import type { Context } from "@finops/platform/tenancy/context";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDoor, type TestDoor } from "./testing/test-door.ts";

let door: TestDoor;
let acme: Context;
let key: string;
let apiKey: ApiKeySummary;
let companies = 0;

beforeAll(async () => {
  door = await createTestDoor();
});
beforeEach(async () => {
  companies += 1;
  acme = await door.makeCompany(`acme-${companies}`);
  await door.makePerson(acme, `Ann${companies}`, "owner");
  ({ key, apiKey } = await createApiKey(acme, { name: "CI", permissions: ["costs:read"] }));
});
afterAll(() => door.close());

interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

const start = async () =>
  (await door.send("/api/tokens", { key, body: { grant_type: "api_key", client: "laptop" } })).json as never as Tokens;
const refresh = (token: string) =>
  door.send("/api/tokens", { body: { grant_type: "refresh_token", refresh_token: token } });
const status = async (token: string) => (await door.send("/api/v1/cost/catalog", { key: token })).status;
const jwks = async () => (await door.send("/.well-known/jwks.json")).json as never as { keys: { kid: string }[] };

describe("an access token", () => {
  it("acts as its key for 15 minutes, and anybody can check it by the keys that are published", async () => {
    const { access_token: token, expires_in: seconds } = await start();
    expect([seconds, await status(token)]).toEqual([900, 200]);
    expect((await door.send("/api/v1/members", { key: token })).status).toBe(403);
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet((await jwks()) as never), {
      issuer: "http://localhost:3000",
      audience: "http://localhost:3000/api",
      currentDate: door.host.clock.now(),
    });
    expect(protectedHeader).toMatchObject({ alg: "RS256", typ: "at+jwt" });
    expect(payload).toMatchObject({ sub: apiKey.id, tenant: acme.tenantId });
    expect(JSON.stringify(await jwks())).not.toMatch(/"[dpq]"/);
    door.pass(15);
    expect(await status(token)).toBe(401);
  });

  it("ends with the key, the company and the client at once", async () => {
    const [first, second] = [await start(), await start()];
    await door.send("/api/tokens/revoke", { body: { refresh_token: first.refresh_token } });
    expect([await status(first.access_token), await status(second.access_token)]).toEqual([401, 200]);
    expect((await refresh(first.refresh_token)).status).toBe(401);
    await acme.inTenant((tx) => tx.tenant.update({ where: { id: acme.tenantId }, data: { state: "locked" } }));
    expect(await status(second.access_token)).toBe(401);
    await acme.inTenant((tx) => tx.tenant.update({ where: { id: acme.tenantId }, data: { state: "active" } }));
    await revokeApiKey(acme, apiKey.id);
    expect([await status(second.access_token), (await refresh(second.refresh_token)).status]).toEqual([401, 401]);
  });

  it("of anybody else's making is none", async () => {
    const { access_token: good } = await start();
    const claims = decodeJwt(good);
    const { kid } = decodeProtectedHeader(good);
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const now = Math.floor(door.host.clock.now().getTime() / 1000);
    const sign = (header: object, changed: object = {}) =>
      new SignJWT({ ...claims, ...changed })
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: kid!, ...header })
        .sign(privateKey);
    const [head, body, signature] = good.split(".") as [string, string, string];
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const secret = new TextEncoder().encode(JSON.stringify(await jwks()).padEnd(64, "x"));
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: kid! }).sign(secret);
    const forged = {
      "signed by another key": await sign({}),
      "with another key id": await sign({ kid: newId() }),
      "with a key of its own in the header": await sign({ jwk: publicKey }),
      "without a signature": `${head}.${body}.`,
      "of the algorithm none": `${encode({ alg: "none", typ: "at+jwt", kid })}.${body}.`,
      "of the algorithm none, with a signature": `${encode({ alg: "none", typ: "at+jwt", kid })}.${body}.${signature}`,
      "of the algorithm HS256 with what is public": hmac,
      "with another subject": `${head}.${encode({ ...claims, sub: newId() })}.${signature}`,
      "with a later end": `${head}.${encode({ ...claims, exp: now + 86_400 })}.${signature}`,
      "that is no JSON": "eyJ.eyJ.eyJ",
    };
    for (const [what, token] of Object.entries(forged)) expect([what, await status(token)]).toEqual([what, 401]);
    expect(await status(good)).toBe(200);
  });

  it("of another issuer, audience or kind is none, even if one of our keys signed it", async () => {
    const subject = { tenantId: acme.tenantId, keyId: apiKey.id, familyId: newId() };
    const elsewhere = createAccessTokens({ ...door.host, baseUrl: "https://other.example" });
    const here = createAccessTokens(door.host);
    const token = await elsewhere.issue(subject);
    expect([await elsewhere.verify(token), await here.verify(token)]).toEqual([subject, null]);
    // Signed well, of no family that there is.
    expect(await status(await here.issue(subject))).toBe(401);
  });

  it("is signed by a new key after 30 days, while the one before is published as long as its tokens last", async () => {
    door.pass(31 * 1440);
    await start();
    const before = (await jwks()).keys.map(({ kid }) => kid);
    door.pass(30 * 1440 - 5);
    const old = await start();
    door.pass(6);
    const next = await start();
    expect(decodeProtectedHeader(next.access_token).kid).not.toBe(decodeProtectedHeader(old.access_token).kid);
    expect([await status(old.access_token), await status(next.access_token)]).toEqual([200, 200]);
    expect((await jwks()).keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining(before));
    door.pass(60);
    await start();
    const rows = await createAccessTokens(door.host).publicKeys();
    expect(rows.keys.map(({ kid }) => kid)).not.toContain(decodeProtectedHeader(old.access_token).kid);
  });
});

describe("a refresh token", () => {
  it("gives the next one, and is good for 30 days in all", async () => {
    let { refresh_token: token } = await start();
    for (let turn = 0; turn < 3; turn += 1) {
      door.pass(5 * 1440);
      const next = (await refresh(token)).json as never as Tokens;
      expect(await status(next.access_token)).toBe(200);
      expect(next.refresh_token).not.toBe(token);
      token = next.refresh_token;
    }
    door.pass(15 * 1440);
    expect((await refresh(token)).status).toBe(401);
  });

  it("gives each of two processes that use it at once one that works", async () => {
    const { refresh_token: token } = await start();
    const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(token)));
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200]);
    const next = answers.map((one) => one.json["refresh_token"] as string);
    expect(new Set(next).size).toBe(4);
    door.pass(10);
    for (const one of next) expect((await refresh(one)).status).toBe(200);
  });

  it("that is used again later ends the whole family, and the owners are told", async () => {
    const stolen = await start();
    const other = await start();
    const next = (await refresh(stolen.refresh_token)).json as never as Tokens;
    door.pass(0.4);
    expect((await refresh(stolen.refresh_token)).status).toBe(200);
    door.pass(0.2);
    expect((await refresh(stolen.refresh_token)).status).toBe(401);
    expect([await status(next.access_token), (await refresh(next.refresh_token)).status]).toEqual([401, 401]);
    expect(await status(other.access_token)).toBe(200);
    const events = await acme.inTenant((tx) => tx.auditEntry.findMany({ where: { action: "security.token-reused" } }));
    expect(events).toMatchObject([{ actorKind: "key", actorId: apiKey.id }]);
    const told = door.outbox.list().filter(({ to }) => to === `ann${companies}@example.com`);
    expect(told).toMatchObject([{ subject: expect.stringContaining("used again after it was replaced") }]);
    expect(JSON.stringify([events.map(({ after }) => after), told])).not.toContain(stolen.refresh_token);
  });

  it("is stored in no form that could be used", async () => {
    const { refresh_token: token } = await start();
    await refresh(token);
    const rows = await acme.inTenant(async (tx) => [await tx.refreshToken.findMany(), await tx.tokenFamily.findMany()]);
    expect(rows[0]!).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain(token.slice(-20));
  });

  it("that never was, or a request of another shape, is refused", async () => {
    expect((await refresh("finops_refresh_none")).status).toBe(401);
    const shapes = [
      {},
      { grant_type: "password" },
      { grant_type: "refresh_token" },
      { grant_type: "api_key", more: 1 },
    ];
    for (const body of shapes) expect((await door.send("/api/tokens", { key, body })).status).toBe(400);
    expect((await door.send("/api/tokens", { key: "finops_none", body: { grant_type: "api_key" } })).status).toBe(401);
    expect((await door.send("/api/tokens", { body: { grant_type: "api_key" } })).status).toBe(401);
    const { access_token: token } = await start();
    // What was given for a key gives no more than the key: it starts no client of its own.
    expect((await door.send("/api/tokens", { key: token, body: { grant_type: "api_key" } })).status).toBe(401);
  });
});
