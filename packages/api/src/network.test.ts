import { createApiKey } from "@finops/platform/identity/api-keys";
import { createSession } from "@finops/platform/identity/sessions";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDoor, type TestDoor } from "./testing/test-door.ts";

let door: TestDoor;
let acme: Context;
let ann: string;

beforeAll(async () => {
  door = await createTestDoor({ trustedProxies: 1 }, "https://finops.example");
  acme = await door.makeCompany("acme");
  ann = await door.makePerson(acme, "Ann", "owner");
});
afterAll(() => door.close());

const link = async () =>
  (
    await createSignInLink(
      door.host.db,
      door.host.clock,
      { tenantId: acme.tenantId, userId: ann },
      { kind: "terminal" },
    )
  ).token;

describe("signing in", () => {
  it("over plain http to another host is refused with the reason, and uses no link up", async () => {
    const token = await link();
    const refused = await door.send(`http://finops.example/sign-in/${token}`);
    expect([refused.status, refused.headers.get("set-cookie")]).toEqual([412, null]);
    expect(refused.text).toContain("FINOPS_TLS_CERT");
    expect(refused.text).toContain("FINOPS_TRUST_PROXY=1");
    const behind = { "x-forwarded-proto": "https", "x-forwarded-host": "finops.example" };
    const done = await door.send(`http://10.0.0.7/sign-in/${token}`, { headers: behind });
    expect([done.status, done.headers.get("set-cookie")]).toEqual([303, expect.stringContaining("__Host-")]);
  });

  it.each(["http://localhost:3000", "http://127.0.0.1:3000", "https://finops.example"])(
    "is possible on %s",
    async (origin) => {
      expect((await door.send(`${origin}/sign-in/${await link()}`)).status).toBe(303);
    },
  );
});

describe("a company that lets some addresses in", () => {
  const set = (ranges: string[], sent: { cookie: string; address?: string }) =>
    door.send("/api/v1/network-policy", { method: "PUT", body: { allowedRanges: ranges }, ...sent });
  const from = async (address: string | undefined, who: { cookie?: string; key?: string }) =>
    (await door.send("/api/v1/cost/catalog", { ...who, ...(address === undefined ? {} : { address }) })).status;

  it("refuses people and keys from others, also behind a proxy, and has a way back for its owner", async () => {
    const { token } = await createSession(door.host.db, door.host.clock, {
      tenantId: acme.tenantId,
      userId: ann,
      method: "google",
    });
    const cookie = `__Host-finops_session=${token}`;
    const { key } = await createApiKey(acme, { name: "CI", permissions: ["costs:read"] });
    const shutOut = await set(["192.0.2.0/24"], { cookie, address: "198.51.100.1" });
    expect([shutOut.status, shutOut.json["detail"]]).toEqual([409, expect.stringContaining("198.51.100.1")]);
    const done = await set(["192.0.2.7/24", "2001:db8::/32"], { cookie, address: "192.0.2.1" });
    expect(done.json).toEqual({ allowedRanges: ["192.0.2.0/24", "2001:db8::/32"] });

    expect(await from("192.0.2.200", { cookie })).toBe(200);
    expect(await from("2001:db8::7", { key })).toBe(200);
    expect([await from("198.51.100.1", { cookie }), await from("198.51.100.1", { key })]).toEqual([403, 403]);
    expect(await from(undefined, { cookie })).toBe(403);
    expect((await door.send("/api/session", { cookie, address: "198.51.100.1" })).status).toBe(403);
    // Who writes the header himself stands before the proxy, whose word is the last one.
    const forged = { "x-forwarded-for": "192.0.2.1, 198.51.100.1" };
    expect((await door.send("/api/v1/cost/catalog", { cookie, headers: forged })).status).toBe(403);
    const entries = await acme.inTenant((tx) => tx.auditEntry.findMany({ where: { action: "network.refused" } }));
    expect(entries[0]).toMatchObject({ address: "198.51.100.1" });

    const back = await door.signIn(acme, ann, { address: "198.51.100.1" });
    expect(await from("198.51.100.1", { cookie: back })).toBe(200);
    const local = { key: "key-of-this-machine", headers: { "x-finops-tenant": "acme" } };
    const opened = await door.send("/api/v1/network-policy", { method: "PUT", body: { allowedRanges: [] }, ...local });
    expect([opened.status, await from("198.51.100.1", { cookie })]).toEqual([200, 200]);
  });

  it("refuses ranges that are none, and who may not set them", async () => {
    const cookie = await door.signIn(acme, ann, { address: "192.0.2.1" });
    expect((await set(["everywhere"], { cookie, address: "192.0.2.1" })).status).toBe(400);
    const viewer = await door.signIn(acme, await door.makePerson(acme, "Bob", "viewer"), { address: "192.0.2.1" });
    expect((await set([], { cookie: viewer, address: "192.0.2.1" })).status).toBe(403);
    expect((await door.send("/api/v1/network-policy", { cookie: viewer })).status).toBe(403);
  });
});
