import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { proveDomainsAgain } from "@finops/capabilities/companies/index";
import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createOutbox, type Outbox } from "@finops/platform/mail/outbox";
import type { Host } from "@finops/platform/host";
import { setCompanyState } from "@finops/platform/tenancy/company-state";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant, findTenantByDomain } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApi } from "./app.ts";

let test: TestDatabase;
let store: DuckDBStore;
let root: string;
let now = new Date("2026-11-22T12:00:00Z");
const clock: Clock = { now: () => now, today: () => now.toISOString().slice(0, 10) };
/** What name servers say, by name. */
const texts = new Map<string, string[]>();
let outbox: Outbox;
let host: Host;
let api: ReturnType<typeof createApi>;

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-companies-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
  await test.drop();
});
beforeEach(() => {
  now = new Date("2026-11-22T12:00:00Z");
  texts.clear();
  outbox = createOutbox({ clock, print: () => {} });
  host = {
    ...createTestHost({ db: test.db, clock }),
    mail: outbox,
    domains: { listTexts: (name) => Promise.resolve(texts.get(name) ?? []) },
  };
  api = createApi({ host, store, engine: null, isReady: () => Promise.resolve(true), local: null });
});

interface Company {
  slug: string;
  tenantId: string;
}

async function company(): Promise<Company> {
  const slug = `c${newId().replaceAll("-", "")}`;
  return { slug, tenantId: (await createTenant(test.db, { slug, name: `Company ${slug}` })).id };
}

const at = ({ slug }: { slug: string }) => `http://${slug}.localhost:3000`;
const plain = "http://localhost:3000";

interface Sent {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function send(url: string, cookie: string | null, { method, body, headers = {} }: Sent = {}) {
  const answer = await api.request(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      "x-finops-request": "1",
      ...(cookie === null ? {} : { cookie }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.includes("json") === true;
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
  };
}

async function signIn({ tenantId }: Company, role = "owner", email = `${newId()}@acme.example`) {
  const userId = await ensureUser(test.db, { email, name: role });
  await setMember(test.db, tenantId, userId, role);
  const { token } = await createSession(test.db, clock, { tenantId, userId, method: "link" });
  return { userId, email, cookie: `__Host-finops_session=${token}` };
}

/** Opens a link as a browser does, with the button of a page that asks for one, and gives the cookie. */
async function follow(url: string): Promise<string | null> {
  const opened = await api.request(url);
  const cookie = opened.headers.get("set-cookie");
  return cookie === null ? null : cookie.split(";")[0]!;
}

describe("a host name", () => {
  it("is the company's: its people are signed in there, and on the platform's own", async () => {
    const acme = await company();
    const { cookie } = await signIn(acme);
    for (const origin of [at(acme), plain, "http://127.0.0.1:3000"]) {
      expect((await send(`${origin}/api/v1/company`, cookie)).json).toMatchObject({ subdomain: acme.slug });
      expect((await send(`${origin}/api/session`, cookie)).json).toMatchObject({ signedIn: true, company: acme.slug });
    }
  });

  it("of another company knows neither session nor key, and tells nothing, whatever headers say", async () => {
    const [acme, beta] = [await company(), await company()];
    const { cookie } = await signIn(acme);
    const ctx = createSystemContext(host, acme.tenantId, "test");
    const { key } = await createApiKey(ctx, { name: "k", permissions: ["costs:read"] });
    const nowhere = { slug: `n${beta.slug.slice(1)}` };
    const forged = { "x-forwarded-host": new URL(at(acme)).host, forwarded: `host=${new URL(at(acme)).host}` };
    const ask = async (there: { slug: string }, headers: Record<string, string>, own: string | null) => {
      const { status, json } = await send(`${at(there)}/api/v1/company`, own, { headers: { ...forged, ...headers } });
      return { status, json: { ...(json as object), requestId: "" } };
    };
    const bySession = await ask(beta, {}, cookie);
    expect(bySession).toMatchObject({ status: 401 });
    expect(bySession).toEqual(await ask(nowhere, {}, cookie));
    expect(bySession).toEqual(await ask(beta, {}, null));
    const byKey = await ask(beta, { authorization: `Bearer ${key}` }, null);
    expect(byKey).toMatchObject({ status: 401 });
    expect(byKey).toEqual(await ask(nowhere, { authorization: `Bearer ${key}` }, null));
    expect((await send(`${at(beta)}/api/session`, cookie)).json).toEqual({ signedIn: false });
    // Neither does signing out there end it.
    await send(`${at(beta)}/sign-out`, cookie, { method: "POST" });
    expect((await send(`${at(acme)}/api/session`, cookie)).json).toMatchObject({ signedIn: true });
  });

  it("that is nobody's is told so, to people by a page", async () => {
    for (const origin of ["http://nobody-has-it.localhost:3000", "http://evil.example", "http://a.b.localhost:3000"]) {
      const page = await send(`${origin}/`, null, { headers: { accept: "text/html" } });
      expect([page.status, page.text.includes("No company is at this address")]).toEqual([404, true]);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect((await send(`${origin}/api/session`, null)).json).toMatchObject({ status: 404, code: "not_found" });
    }
    expect((await send("http://evil.example/healthz", null)).status).toBe(200);
  });

  it("of one's own works once its DNS record was seen, and for one company alone", async () => {
    const [acme, beta] = [await company(), await company()];
    const [ann, bob] = [await signIn(acme), await signIn(beta)];
    const domain = `costs.${acme.slug}.example`;
    const url = `${plain}/api/v1/company/domains`;
    const add = async (cookie: string) =>
      (await send(url, cookie, { body: { domain } })).json as { id: string; record: { name: string; value: string } };
    const [ours, theirs] = [await add(ann.cookie), await add(bob.cookie)];
    expect(ours.record.name).toBe(`_finops.${domain}`);
    expect(ours.record.value).not.toBe(theirs.record.value);
    const verify = (who: { cookie: string }, { id }: { id: string }) =>
      send(`${url}/${id}/verify`, who.cookie, { method: "POST" });

    expect((await verify(ann, ours)).json).toMatchObject({
      domain: { verifiedAt: null },
      problem: expect.stringContaining(ours.record.value),
    });
    expect((await send(`http://${domain}/api/v1/company`, ann.cookie)).status).toBe(404);

    texts.set(ours.record.name, ["v=spf1 -all", ours.record.value]);
    expect((await verify(ann, ours)).json).toMatchObject({ domain: { verifiedAt: now.toISOString() }, problem: null });
    expect((await send(`http://${domain}/api/v1/company`, ann.cookie)).json).toMatchObject({ subdomain: acme.slug });
    expect((await send(`http://${domain}/api/v1/company`, bob.cookie)).status).toBe(401);
    // Not by saying so, nor by the id of another company's.
    expect((await verify(bob, theirs)).json).toMatchObject({ domain: { verifiedAt: null } });
    expect((await verify(bob, ours)).status).toBe(404);
    // Who proves it second learns that it is taken, and nothing else.
    texts.set(ours.record.name, [theirs.record.value]);
    expect((await verify(bob, theirs)).json).toMatchObject({ status: 409 });

    expect((await send(`${url}/${ours.id}`, ann.cookie, { method: "DELETE" })).status).toBe(204);
    expect((await send(`http://${domain}/api/v1/company`, ann.cookie)).status).toBe(404);
  });

  it("of one's own is proven again each day, and lost a week after its record is gone", async () => {
    const acme = await company();
    const ann = await signIn(acme);
    const domain = `costs.${acme.slug}.example`;
    const url = `${plain}/api/v1/company/domains`;
    const { json } = await send(url, ann.cookie, { body: { domain } });
    const { id, record } = json as { id: string; record: { name: string; value: string } };
    texts.set(record.name, [record.value]);
    await send(`${url}/${id}/verify`, ann.cookie, { method: "POST" });
    const works = async () => (await findTenantByDomain(test.db, domain))?.id === acme.tenantId;
    const dayLater = async () => {
      now = new Date(now.getTime() + 86_400_001);
      // Each of several processes goes its rounds.
      await Promise.all([1, 2, 3].map(() => proveDomainsAgain(host)));
    };
    const ofAnn = () => outbox.list().filter(({ subject }) => subject.startsWith(domain));
    await dayLater();
    expect([await works(), ofAnn()]).toEqual([true, []]);

    // A record that comes back in time changes nothing.
    texts.clear();
    await dayLater();
    expect([await works(), ofAnn().length]).toEqual([true, 1]);
    texts.set(record.name, [record.value]);
    await dayLater();
    texts.clear();
    // Nor does a name server that does not answer.
    host.domains = { listTexts: () => Promise.reject(new Error("no answer")) };
    await dayLater();
    expect([await works(), ofAnn().length]).toEqual([true, 1]);

    host.domains = { listTexts: () => Promise.resolve([]) };
    for (let day = 0; day < 7; day += 1) await dayLater();
    expect([await works(), ofAnn().length]).toEqual([true, 2]);
    await dayLater();
    expect([await works(), ofAnn().map(({ subject }) => subject)]).toEqual([
      false,
      expect.arrayContaining([`${domain} does not lead to your company any more`]),
    ]);
    await dayLater();
    expect(ofAnn()).toHaveLength(3);
    const actions = await test.db.inTenant(acme.tenantId, (tx) =>
      tx.auditEntry.findMany({
        where: { action: { startsWith: "company-domain." } },
        orderBy: { sequence: "asc" },
        select: { action: true },
      }),
    );
    expect(actions.map(({ action }) => action.replace("company-domain.", ""))).toEqual([
      "added",
      "verified",
      "missing",
      "found",
      "missing",
      "lost",
    ]);
  });

  it.each(["localhost", "127.0.0.1", "acme.localhost", "no host", "a..b", "-a.example"])(
    "%s cannot be one's own",
    async (domain) => {
      const { cookie } = await signIn(await company());
      expect((await send(`${plain}/api/v1/company/domains`, cookie, { body: { domain } })).status).toBe(400);
    },
  );

  it("is nothing that a viewer gives away", async () => {
    const { cookie } = await signIn(await company(), "viewer");
    const url = `${plain}/api/v1/company/domains`;
    expect((await send(url, cookie, { body: { domain: "costs.acme.example" } })).status).toBe(403);
    expect((await send(url, cookie)).status).toBe(403);
  });
});

describe("somebody in several companies", () => {
  it("lists their own, and goes on in another by a link that works once, there", async () => {
    const [acme, beta, other] = [await company(), await company(), await company()];
    const ann = await signIn(acme, "viewer");
    await setMember(test.db, beta.tenantId, ann.userId, "admin");
    const { json } = await send(`${at(acme)}/api/companies`, ann.cookie);
    expect(
      (json["companies"] as { subdomain: string; role: string; isCurrent: boolean }[]).toSorted(
        (a, b) => Number(b.isCurrent) - Number(a.isCurrent),
      ),
    ).toMatchObject([
      { subdomain: acme.slug, role: "viewer", isCurrent: true },
      { subdomain: beta.slug, role: "admin", isCurrent: false },
    ]);
    const { json: switched } = await send(`${at(acme)}/api/companies/switch`, ann.cookie, {
      body: { company: beta.slug },
    });
    const url = (switched as { url: string }).url;
    expect(url).toMatch(new RegExp(`^${at(beta)}/sign-in/`));
    // It is nothing on a third company's host, which does not use it up either.
    expect(await follow(url.replace(beta.slug, other.slug))).toBeNull();
    const cookie = await follow(url);
    expect((await send(`${at(beta)}/api/session`, cookie)).json).toMatchObject({ company: beta.slug, role: "admin" });
    expect((await send(`${at(acme)}/api/session`, cookie)).json).toEqual({ signedIn: false });
    expect(await follow(url)).toBeNull();
    // The session that was left goes on.
    expect((await send(`${at(acme)}/api/session`, ann.cookie)).json).toMatchObject({ company: acme.slug });
  });

  it("stays on the platform's own host name where they are there", async () => {
    const [acme, beta] = [await company(), await company()];
    const ann = await signIn(acme);
    await setMember(test.db, beta.tenantId, ann.userId, "viewer");
    const body = { company: beta.slug };
    const { json } = await send("http://127.0.0.1:4123/api/companies/switch", ann.cookie, { body });
    expect((json as { url: string }).url).toMatch(/^http:\/\/127\.0\.0\.1:4123\/sign-in\//);
  });

  it("has a minute for it", async () => {
    const acme = await company();
    const ann = await signIn(acme);
    const { json } = await send(`${plain}/api/companies/switch`, ann.cookie, { body: { company: acme.slug } });
    now = new Date(now.getTime() + 60_000);
    expect(await follow((json as { url: string }).url)).toBeNull();
  });

  it("goes nowhere from a sign-in that their company alone believes", async () => {
    const [acme, beta] = [await company(), await company()];
    const ann = await signIn(acme);
    await setMember(test.db, beta.tenantId, ann.userId, "viewer");
    await test.db.inTenant(acme.tenantId, (tx) => tx.session.updateMany({ data: { method: "company-provider" } }));
    const { status } = await send(`${plain}/api/companies/switch`, ann.cookie, { body: { company: beta.slug } });
    expect(status).toBe(403);
  });

  it("learns nothing of a company that is not theirs", async () => {
    const [acme, beta] = [await company(), await company()];
    const ann = await signIn(acme);
    const ask = async (slug: string) => {
      const { status, json } = await send(`${plain}/api/companies/switch`, ann.cookie, { body: { company: slug } });
      return { status, detail: json["detail"] };
    };
    expect(await ask(beta.slug)).toEqual(await ask("nobody-has-it"));
    expect(await ask(beta.slug)).toMatchObject({ status: 404 });
  });
});

describe("a new company", () => {
  it("is its maker's, with what it was made with", async () => {
    const acme = await company();
    const ann = await signIn(acme);
    const subdomain = `n${newId().replaceAll("-", "")}`;
    const body = { name: "Nova", subdomain, currency: "EUR", fiscalYearStart: 4, timeZone: "Europe/Berlin" };
    const made = await send(`${plain}/api/companies`, ann.cookie, { body });
    expect([made.status, made.json]).toMatchObject([201, { subdomain, name: "Nova", role: "owner" }]);
    const { json } = await send(`${plain}/api/companies/switch`, ann.cookie, { body: { company: subdomain } });
    const cookie = await follow((json as { url: string }).url);
    expect((await send(`${at({ slug: subdomain })}/api/v1/company`, cookie)).json).toMatchObject({
      ...body,
      state: "active",
      url: at({ slug: subdomain }),
    });
    expect((await send(`${plain}/api/v1/company/onboarding`, cookie)).json).toMatchObject({
      isDone: false,
      steps: [
        { key: "company", isDone: true },
        { key: "people", isDone: false },
        { key: "costs", isDone: false },
      ],
      demoData: null,
    });
    const entries = (await send(`${plain}/api/v1/audit`, cookie)).json["entries"] as { action: string }[];
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["company.created", "company.switched-to", "session.started"]),
    );
  });

  it.each([
    [{ subdomain: "api" }, 400],
    [{ subdomain: "xn--80ak6aa92e" }, 400],
    [{ subdomain: "Nova" }, 400],
    [{ subdomain: "" }, 400],
    [{ name: " " }, 400],
    [{ currency: "euro" }, 400],
    [{ fiscalYearStart: 13 }, 400],
    [{ timeZone: "Mars/Base" }, 400],
  ])("is not made with %j", async (wrong, status) => {
    const ann = await signIn(await company());
    const body = { name: "Nova", subdomain: `n${newId().replaceAll("-", "")}`, ...wrong };
    expect((await send(`${plain}/api/companies`, ann.cookie, { body })).status).toBe(status);
  });

  it("has a subdomain that is free", async () => {
    const acme = await company();
    const ann = await signIn(acme);
    const ask = async (subdomain: string) =>
      (await send(`${plain}/api/companies/subdomain?subdomain=${subdomain}`, ann.cookie)).json;
    expect(await ask(acme.slug)).toMatchObject({ isAvailable: false, reason: expect.stringContaining("taken") });
    expect(await ask("admin")).toMatchObject({ isAvailable: false, reason: expect.stringContaining("kept") });
    expect(await ask("free-as-air")).toMatchObject({ isAvailable: true, reason: null });
    const body = { name: "Nova", subdomain: acme.slug };
    expect((await send(`${plain}/api/companies`, ann.cookie, { body })).status).toBe(409);
  });

  it("is made by owners, or by the operator alone where the installation says so", async () => {
    const acme = await company();
    const [owner, admin] = [await signIn(acme), await signIn(acme, "admin")];
    const make = (cookie: string) =>
      send(`${plain}/api/companies`, cookie, { body: { name: "N", subdomain: `n${newId().replaceAll("-", "")}` } });
    const canCreate = async (cookie: string) => (await send(`${plain}/api/companies`, cookie)).json["canCreate"];
    expect([(await make(owner.cookie)).status, await canCreate(owner.cookie)]).toEqual([201, true]);
    expect([(await make(admin.cookie)).status, await canCreate(admin.cookie)]).toEqual([403, false]);
    host.companyCreation = "operator";
    expect((await make(owner.cookie)).json).toMatchObject({ status: 403, detail: expect.stringContaining("operator") });
    expect(await canCreate(owner.cookie)).toBe(false);
  });
});

describe("the settings", () => {
  it("are changed by who may, and the change is kept", async () => {
    const acme = await company();
    const [ann, vera] = [await signIn(acme, "admin"), await signIn(acme, "viewer")];
    const change = (cookie: string, body: unknown) =>
      send(`${plain}/api/v1/company`, cookie, { method: "PATCH", body });
    const slug = `r${acme.slug.slice(1)}`;
    expect((await change(ann.cookie, { name: "Renamed", subdomain: slug, currency: "EUR" })).json).toMatchObject({
      name: "Renamed",
      subdomain: slug,
      currency: "EUR",
      timeZone: "UTC",
    });
    expect((await send(`${at(acme)}/api/v1/company`, ann.cookie)).status).toBe(401);
    expect((await send(`${at({ slug })}/api/v1/company`, ann.cookie)).status).toBe(200);
    expect((await change(ann.cookie, { subdomain: (await company()).slug })).status).toBe(409);
    expect((await change(ann.cookie, { subdomain: "www" })).status).toBe(400);
    expect((await change(vera.cookie, { name: "Mine" })).status).toBe(403);
    expect((await send(`${plain}/api/v1/company`, vera.cookie)).json).toMatchObject({ name: "Renamed" });
    const { json } = await send(`${plain}/api/v1/audit?action=company.changed`, ann.cookie);
    expect(json["entries"]).toMatchObject([{ before: { currency: "USD" }, after: { currency: "EUR" } }]);
  });
});

describe("a company that does not work as usual", () => {
  const suspend = (acme: Company, state: "active" | "read-only" | "locked", reason = "The bill is not paid.") =>
    setCompanyState(createSystemContext(host, acme.tenantId, "operator", "cli"), { state, reason });

  it("is read and exported while it is read-only, and refuses each change with the reason", async () => {
    const acme = await company();
    const ann = await signIn(acme);
    const ctx = createSystemContext(host, acme.tenantId, "test");
    const { key } = await createApiKey(ctx, { name: "k", permissions: ["costs:read", "views:write"] });
    await suspend(acme, "read-only");
    expect((await send(`${plain}/api/v1/company`, ann.cookie)).json).toMatchObject({
      state: "read-only",
      stateReason: "The bill is not paid.",
    });
    expect((await send(`${plain}/api/v1/audit/export`, ann.cookie)).status).toBe(200);
    const refused = { status: 412, code: "precondition", detail: expect.stringContaining("The bill is not paid.") };
    const changes: [string, Sent][] = [
      ["/api/v1/views", { body: { name: "v", visibility: "company", view: {} } }],
      ["/api/v1/company", { method: "PATCH", body: { name: "x" } }],
      ["/api/v1/imports", { method: "POST" }],
      ["/api/v1/invitations", { body: { email: "a@b.example", role: "viewer" } }],
      ["/api/v1/company/deletion", { body: { companyName: "x" } }],
      ["/api/companies", { body: { name: "N", subdomain: "n-while-read-only" } }],
    ];
    for (const [path, sent] of changes) {
      expect([path, (await send(plain + path, ann.cookie, sent)).json]).toMatchObject([path, refused]);
      const byKey = { ...sent, headers: { authorization: `Bearer ${key}` } };
      expect((await send(plain + path, null, byKey)).json).toMatchObject(refused);
    }
    await suspend(acme, "active", "");
    expect((await send(`${plain}/api/v1/views`, ann.cookie, changes[0]![1])).status).toBe(201);
  });

  it("lets its owners alone in while it is locked, to see why and to take its data along", async () => {
    const acme = await company();
    const [ann, vera] = [await signIn(acme), await signIn(acme, "admin")];
    const ctx = createSystemContext(host, acme.tenantId, "test");
    const { key } = await createApiKey(ctx, { name: "k", permissions: ["costs:read"] });
    await suspend(acme, "locked");
    expect((await send(`${plain}/api/v1/company`, ann.cookie)).json).toMatchObject({ state: "locked" });
    expect((await send(`${plain}/api/v1/company/exports`, ann.cookie, { method: "POST" })).status).toBe(202);
    expect((await send(`${plain}/api/v1/members`, ann.cookie)).json).toMatchObject({
      status: 412,
      detail: expect.stringContaining("The bill is not paid."),
    });
    expect((await send(`${plain}/api/session`, ann.cookie)).json).toMatchObject({
      companyState: "locked",
      companyReason: "The bill is not paid.",
    });
    for (const path of ["/api/v1/company", "/api/v1/company/exports", "/api/v1/members"]) {
      expect((await send(plain + path, vera.cookie)).status).toBe(401);
      expect((await send(plain + path, null, { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
    }
    expect((await send(`${plain}/api/companies`, vera.cookie)).status).toBe(401);
    expect((await send(`${plain}/api/companies`, ann.cookie)).status).toBe(200);
    const another = { name: "N", subdomain: "n-while-locked" };
    expect((await send(`${plain}/api/companies`, ann.cookie, { body: another })).status).toBe(412);
    const back = { company: acme.slug };
    expect((await send(`${plain}/api/companies/switch`, ann.cookie, { body: back })).status).toBe(200);
  });

  it("is suspended by nobody inside", async () => {
    const acme = await company();
    const ann = await signIn(acme);
    const ctx = createSystemContext(host, acme.tenantId, "test");
    const own = { ...ctx, actor: { kind: "person" as const, id: ann.userId, name: "Ann" } };
    await expect(setCompanyState(own, { state: "active" })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("leaves when an owner types its name, and stays when an owner says so", async () => {
    const acme = await company();
    const [ann, vera] = [await signIn(acme), await signIn(acme, "admin")];
    const url = `${plain}/api/v1/company/deletion`;
    const companyName = `Company ${acme.slug}`;
    expect((await send(url, vera.cookie, { body: { companyName } })).status).toBe(403);
    expect((await send(url, ann.cookie, { body: { companyName: "Company" } })).status).toBe(400);
    expect((await send(url, ann.cookie, { body: { companyName } })).json).toMatchObject({
      state: "leaving",
      leavesAt: "2026-12-22T12:00:00.000Z",
    });
    expect((await send(`${plain}/api/v1/company`, vera.cookie)).status).toBe(401);
    expect((await send(`${plain}/api/v1/members`, ann.cookie)).status).toBe(412);
    expect((await send(`${plain}/api/v1/company/exports`, ann.cookie)).status).toBe(200);
    expect((await send(url, ann.cookie, { body: { companyName } })).status).toBe(409);
    expect((await send(url, ann.cookie, { method: "DELETE" })).json).toMatchObject({ state: "active", leavesAt: null });
    expect((await send(url, ann.cookie, { method: "DELETE" })).status).toBe(409);
    expect((await send(`${plain}/api/v1/company`, vera.cookie)).status).toBe(200);
  });
});
