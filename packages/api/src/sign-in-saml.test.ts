import { findUserByIdentity } from "@finops/platform/identity/users";
import { samlAddresses } from "@finops/platform/identity/saml/saml";
import { type SamlFault, startSamlProvider, type TestSamlProvider } from "@finops/platform/testing/saml-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBrowser, type TestBrowser } from "./testing/browser.ts";
import { type HouseCompany, openHouse, type SignInHouse } from "./testing/sign-in-house.ts";

const platform = "http://localhost:3000";
const ours = samlAddresses(platform);
let idp: TestSamlProvider;
let house: SignInHouse;
let acme: HouseCompany;
let owner: TestBrowser;
let admin: TestBrowser;
/** The id of Acme's provider. */
let key: string;

beforeAll(async () => {
  idp = await startSamlProvider(ours);
  house = await openHouse({
    signIn: { providers: [], isHttpAllowed: true, fetch: () => Promise.reject(new Error("SAML asks nobody")) },
  });
  acme = await house.company("acme");
  owner = await acme.browserOf(await acme.member("owner@acme.example", "owner"));
  admin = await acme.browserOf(await acme.member("admin@acme.example", "admin"));
  const made = await addProvider(admin, { name: "Acme", metadata: idp.metadata });
  key = made.json["id"] as string;
});
afterAll(async () => {
  await house.close();
  await idp.stop();
});
beforeEach(async () => {
  Object.assign(idp, { fault: {}, account: person("f3b1-ann", "ann@acme.example") });
  await acme.setPolicy({});
});

const person = (name: string, email: string, more: Record<string, string[]> = {}) => ({
  name,
  attributes: { email: [email], ...more },
});

const addProvider = (browser: TestBrowser, body: object) =>
  browser.ask(acme.origin, "POST", "/api/v1/identity-providers/saml", body);

/** Sets out, and returns what the provider's page would send, from another site. */
async function setOut(browser: TestBrowser, { origin } = acme, fault: SamlFault = {}) {
  const { headers } = await browser.step(`${origin}/sign-in/with/${key}?return=/explorer`);
  idp.fault = fault;
  return idp.answer(headers.get("location")!);
}

type Sent = Awaited<ReturnType<typeof setOut>>;

/** A page of another site brings no cookie that is Lax, and names itself. */
async function bring({ action, SAMLResponse, RelayState }: Sent): Promise<Response> {
  return createBrowser(house.api).step(action, {
    method: "POST",
    headers: { origin: new URL(idp.issuer).origin, "sec-fetch-site": "cross-site" },
    body: new URLSearchParams({ SAMLResponse, RelayState }),
  });
}

/** All the way, to where the browser is left. */
async function signIn(browser: TestBrowser, fault: SamlFault = {}): Promise<URL> {
  const answer = await bring(await setOut(browser, acme, fault));
  return (await browser.open(answer.headers.get("location")!)).url;
}

const sessionOf = async (browser: TestBrowser) => (await browser.ask(acme.origin, "GET", "/api/session")).json;

describe("signing in with a SAML provider", () => {
  it("asks a member for the proof by mail once, and knows them by their persistent name from then on", async () => {
    const ann = await acme.member("ann@acme.example");
    const browser = createBrowser(house.api);
    expect((await signIn(browser)).search).toBe("?error=email-sent");
    const link = /http\S+/.exec(house.outbox.list()[0]!.text)![0];
    await browser.step(link, { method: "POST" });
    expect(await findUserByIdentity(house.test.db, `${acme.tenantId} ${key} ${idp.issuer}`, "f3b1-ann")).toBe(ann);

    idp.account = { name: "f3b1-ann" };
    const again = createBrowser(house.api);
    expect((await signIn(again)).href).toBe(`${acme.origin}/explorer`);
    expect(await sessionOf(again)).toMatchObject({ signedIn: true, email: "ann@acme.example", company: "acme" });
    expect((await acme.audited("session.started")).at(-1)).toMatchObject({ method: "company-provider" });
  });

  it("sends the request's id and RelayState, other ones each time, and our addresses", async () => {
    const [first, second] = await Promise.all([1, 2].map(() => setOut(createBrowser(house.api))));
    expect(first!.RelayState).not.toBe(second!.RelayState);
    // SAML 2.0 Bindings, 3.4.3.
    expect(first!.RelayState.length).toBeLessThanOrEqual(80);
    expect(first!.action).toBe(`${platform}/sign-in/saml`);
    const described = await createBrowser(house.api).step(`${platform}/sign-in/saml/metadata`);
    expect(described.headers.get("content-type")).toMatch("application/samlmetadata+xml");
    expect(await described.text()).toContain(`Location="${platform}/sign-in/saml"`);
  });

  it("makes people of the company's domains members, with their groups", async () => {
    await acme.setPolicy({
      provisioning: { isOn: true, role: "viewer", groupClaim: "teams" },
      allowedDomains: ["acme.example"],
    });
    idp.account = person("f3b1-new", "new@acme.example", { displayName: ["New"], teams: ["devs"] });
    const browser = createBrowser(house.api);
    expect((await signIn(browser)).pathname).toBe("/explorer");
    expect(await sessionOf(browser)).toMatchObject({ email: "new@acme.example", role: "viewer" });
    const { attributes } = await house.test.db.inTenant(acme.tenantId, (tx) =>
      tx.memberAttributes.findFirstOrThrow({ where: { member: { user: { email: "new@acme.example" } } } }),
    );
    expect(attributes).toEqual({ groups: ["devs"] });
    idp.account = person("f3b1-else", "new@else.example");
    expect((await signIn(createBrowser(house.api))).search).toBe("?error=domain");
  });

  it("is offered as any other way, where the company has it on", async () => {
    const { json } = await createBrowser(house.api).ask(acme.origin, "GET", "/api/sign-in/options");
    expect(json["providers"]).toEqual([{ key, name: "Acme", kind: "saml" }]);
    const change = (isOn: boolean) => admin.ask(acme.origin, "PATCH", `/api/v1/identity-providers/${key}`, { isOn });
    const sent = await setOut(createBrowser(house.api));
    await change(false);
    expect((await bring(sent)).headers.get("location")).toMatch(/error=unavailable$/);
    await change(true);
  });
});

describe("an answer to nobody's request", () => {
  const errorOf = (answer: Response) => new URL(answer.headers.get("location")!, platform).search;

  it("is refused: without a request of ours, a second time, and to another request", async () => {
    const browser = createBrowser(house.api);
    const sent = await setOut(browser);
    expect(errorOf(await bring({ ...sent, RelayState: "" }))).toBe("?error=expired");
    expect(errorOf(await bring({ ...sent, RelayState: "a".repeat(43) }))).toBe("?error=expired");
    const other = await setOut(createBrowser(house.api));
    expect(errorOf(await bring({ ...sent, RelayState: other.RelayState }))).toBe("?error=provider");
    expect(errorOf(await bring(sent))).toMatch(/^\?ticket=/);
    expect(errorOf(await bring(sent))).toBe("?error=expired");
  });

  it("is refused: an assertion that was taken, though it is to this request", async () => {
    const sameId = { beforeSigning: (xml: string) => xml.replace(/_assertion\d+/, "_taken") };
    expect(errorOf(await bring(await setOut(createBrowser(house.api), acme, sameId)))).toMatch(/^\?ticket=/);
    expect(errorOf(await bring(await setOut(createBrowser(house.api), acme, sameId)))).toBe("?error=provider");
  });

  it("signs another browser in than the one that set out, never", async () => {
    const answer = await bring(await setOut(createBrowser(house.api)));
    const victim = createBrowser(house.api);
    expect((await victim.open(answer.headers.get("location")!)).url.search).toBe("?error=browser");
    expect(await sessionOf(victim)).toEqual({ signedIn: false });
  });

  it("is refused: as a GET, as JSON, too large, and with a signature that does not hold", async () => {
    const { RelayState, SAMLResponse } = await setOut(createBrowser(house.api));
    const callback = await createBrowser(house.api).step(`${platform}/sign-in/callback?state=${RelayState}&code=1`);
    expect(errorOf(callback)).toBe("?error=provider");
    const json = await createBrowser(house.api).step(ours.consumerUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ RelayState, SAMLResponse }),
    });
    expect(json.status).toBe(400);
    const large = await createBrowser(house.api).step(ours.consumerUrl, {
      method: "POST",
      body: new URLSearchParams({ RelayState, SAMLResponse: "A".repeat(1_100_000) }),
    });
    expect(large.status).toBe(413);
    expect((await signIn(createBrowser(house.api), { key: "foreign" })).search).toBe("?error=provider");
  });

  it("tells who does not agree, and starts no session", async () => {
    const denied = 'Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"';
    const afterSigning = (xml: string) => xml.replace(/Value="urn:oasis:names:tc:SAML:2.0:status:Success"/, denied);
    expect((await signIn(createBrowser(house.api), { afterSigning })).search).toBe("?error=cancelled");
  });
});

describe("a company's SAML provider", () => {
  it("is set by fields as well, told with the end of its certificates, and tested without being asked", async () => {
    const { json: read } = await admin.ask(acme.origin, "GET", "/api/v1/identity-providers");
    const [first] = read["providers"] as {
      signInUrl: string;
      certificates: { fingerprint: string; endsAt: string }[];
    }[];
    expect(first!.certificates).toMatchObject([{ state: "good", endsAt: expect.stringMatching(/^20\d\d-/) }]);
    expect(first).toMatchObject({ kind: "saml", issuer: idp.issuer, clientId: null });
    expect(read["saml"]).toEqual(ours);
    const made = await addProvider(admin, {
      name: "By fields",
      issuer: "https://login.other.example",
      signInUrl: "https://login.other.example/sso",
      certificates: [idp.foreignCertificate],
    });
    expect([made.status, made.json]).toMatchObject([
      201,
      { kind: "saml", signInUrl: "https://login.other.example/sso" },
    ]);
    const path = `/api/v1/identity-providers/${made.json["id"] as string}`;
    const tested = await admin.ask(acme.origin, "POST", `${path}/test`);
    expect(tested.json["findings"]).toMatchObject([
      { what: "Certificate", ok: true, detail: expect.stringMatching(/counts until 20/) },
      { what: "Entity id", ok: true },
      { what: "Consumer", ok: true },
      { what: "Name id", ok: true },
    ]);
    expect((await admin.ask(acme.origin, "DELETE", path)).status).toBe(204);
  });

  it.each([
    ["nothing of a provider", {}, 400],
    ["an address that is not encrypted", { signInUrl: "ftp://login.acme.example" }, 412],
    ["what is no certificate", { certificates: ["AAAA"] }, 412],
    ["what is no metadata", { metadata: "<EntityDescriptor/>" }, 412],
  ])("is refused in words: %s", async (_, change, status) => {
    const fields = {
      issuer: "https://login.acme.example",
      signInUrl: "https://login.acme.example/sso",
      certificates: [idp.foreignCertificate],
    };
    const body = Object.keys(change).length === 0 ? {} : { ...fields, ...change };
    expect((await addProvider(admin, { name: "Bad", ...body })).status).toBe(status);
  });

  it("gets other certificates from who may make owners alone: they say who anybody is", async () => {
    const path = `/api/v1/identity-providers/${key}`;
    const change = { certificates: [idp.foreignCertificate] };
    expect((await admin.ask(acme.origin, "PATCH", path, change)).status).toBe(403);
    expect((await admin.ask(acme.origin, "PATCH", path, { metadata: idp.metadata })).status).toBe(403);
    expect((await owner.ask(acme.origin, "PATCH", path, change)).status).toBe(200);
    expect((await signIn(createBrowser(house.api))).search).toBe("?error=provider");
    expect((await owner.ask(acme.origin, "PATCH", path, { metadata: idp.metadata })).status).toBe(200);
    expect((await signIn(createBrowser(house.api))).pathname).toBe("/explorer");
    const another = idp.metadata.replace(idp.issuer, "https://other.example");
    expect((await owner.ask(acme.origin, "PATCH", path, { metadata: another })).status).toBe(409);
    expect((await owner.ask(acme.origin, "PATCH", path, { clientId: "a client" })).status).toBe(400);
  });

  it("names nobody whom another provider of the same entity id named", async () => {
    const twin = await addProvider(admin, {
      name: "Twin",
      issuer: idp.issuer,
      signInUrl: "https://login.acme.example/sso",
      certificates: [idp.foreignCertificate],
    });
    const browser = createBrowser(house.api);
    const { headers } = await browser.step(`${acme.origin}/sign-in/with/${twin.json["id"] as string}`);
    Object.assign(idp, { fault: { key: "foreign" }, account: { name: "f3b1-ann" } });
    const answer = await bring(await idp.answer(headers.get("location")!));
    expect((await browser.open(answer.headers.get("location")!)).url.search).toBe("?error=email-missing");
  });
});
