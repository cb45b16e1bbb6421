import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBrowser, type TestBrowser } from "./testing/browser.ts";
import { type HouseCompany, openHouse, type SignInHouse } from "./testing/sign-in-house.ts";

let house: SignInHouse;
let acme: HouseCompany;
let ann: string;

beforeAll(async () => {
  house = await openHouse();
  acme = await house.company("acme");
  ann = await acme.member("ann@acme.example");
});
afterAll(() => house.close());

beforeEach(async () => {
  await acme.setPolicy({});
  await house.test.db.inTenant(acme.tenantId, (tx) => tx.signInLink.deleteMany());
});

const askFor = (browser: TestBrowser, body: object, { origin } = acme) =>
  browser.ask(origin, "POST", "/api/sign-in/link", body);
const mailsTo = (address: string) => house.outbox.list().filter((mail) => mail.to === address);
const linkIn = (text: string) => /http\S+/.exec(text)![0];
const press = async (browser: TestBrowser, link: string) =>
  (await browser.step(link, { method: "POST" })).headers.get("location");
const sessionOf = async (browser: TestBrowser) => (await browser.ask(acme.origin, "GET", "/api/session")).json;

async function linkFor(browser: TestBrowser, more = {}): Promise<string> {
  await askFor(browser, { email: "Ann@acme.example", ...more });
  await house.settle();
  return linkIn(mailsTo("ann@acme.example")[0]!.text);
}

describe("signing in again in the same browser", () => {
  it("ends the session that it had", async () => {
    const browser = createBrowser(house.api);
    await press(browser, await linkFor(browser));
    const first = new Map(browser.cookies.get("acme.localhost:3000"));
    await press(browser, await linkFor(browser));
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, email: "ann@acme.example" });
    const old = createBrowser(house.api);
    old.cookies.set("acme.localhost:3000", first);
    expect(await sessionOf(old)).toEqual({ signedIn: false });
  });
});

describe("asking for a link", () => {
  it("is answered alike for a member, a stranger, and a company that is not there, without waiting for the mail", async () => {
    const before = house.outbox.list().length;
    const browser = createBrowser(house.api);
    const answers = [
      await askFor(browser, { email: "ann@acme.example" }),
      await askFor(browser, { email: "stranger@acme.example" }),
      await askFor(browser, { email: "ann@acme.example" }, { ...acme, origin: "http://nobody.localhost:3000" }),
    ];
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]!.status).toBe(202);
    await house.settle();
    expect(house.outbox.list().length - before).toBe(1);
  });

  it("names the company where the host does not", async () => {
    const browser = createBrowser(house.api);
    const plain = { ...acme, origin: "http://localhost:3000" };
    await askFor(browser, { email: "ann@acme.example", company: "acme" }, plain);
    await house.settle();
    expect(linkIn(mailsTo("ann@acme.example")[0]!.text)).toMatch(/^http:\/\/localhost:3000\/sign-in\//);
  });

  it("leads to the platform's own address, whatever host the request claims to be at", async () => {
    const browser = createBrowser(house.api);
    await askFor(browser, { email: "ann@acme.example" }, { ...acme, origin: "http://acme.localhost:6666" });
    await house.settle();
    expect(linkIn(mailsTo("ann@acme.example")[0]!.text)).toMatch(/^http:\/\/acme\.localhost:3000\/sign-in\//);
  });

  it("fills nobody's mailbox", async () => {
    const before = mailsTo("ann@acme.example").length;
    for (let time = 0; time < 8; time += 1) await linkFor(createBrowser(house.api));
    expect(mailsTo("ann@acme.example").length - before).toBe(5);
  });

  it.each([[{}], [{ email: "ann" }], [{ email: "ann@acme.example", admin: true }]])(
    "is refused for %j",
    async (body) => {
      expect((await askFor(createBrowser(house.api), body)).status).toBe(400);
    },
  );

  it("is refused to a form of another site", async () => {
    const answer = await house.api.request(`${acme.origin}/api/sign-in/link`, {
      method: "POST",
      body: JSON.stringify({ email: "ann@acme.example" }),
    });
    expect(answer.status).toBe(403);
  });
});

describe("a link in a mail", () => {
  it("signs in by its button, once; a scanner that opens it uses nothing up", async () => {
    const browser = createBrowser(house.api);
    const link = await linkFor(browser);
    for (const method of ["GET", "HEAD", "GET"])
      expect((await createBrowser(house.api).step(link, { method })).status).toBeLessThan(300);
    const page = await browser.open(link);
    expect(page.text).toContain("Sign in to Company acme as ann@acme.example");
    expect(page.text).not.toContain("another browser");
    expect(await press(browser, link)).toBe("/");
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, email: "ann@acme.example", isRemembered: false });
    const again = createBrowser(house.api);
    expect((await again.step(link, { method: "POST" })).status).toBe(410);
    expect(await sessionOf(again)).toEqual({ signedIn: false });
    expect((await acme.audited("session.started")).at(-1)).toMatchObject({ method: "link" });
  });

  it("remembers the device where that was asked for", async () => {
    const browser = createBrowser(house.api);
    await press(browser, await linkFor(browser, { remember: true }));
    expect(await sessionOf(browser)).toMatchObject({ isRemembered: true });
  });

  it("says in another browser that it was asked for elsewhere", async () => {
    const link = await linkFor(createBrowser(house.api));
    expect((await createBrowser(house.api).open(link)).text).toContain("asked for in another browser");
  });

  it("is not pressed by a page of another site", async () => {
    const browser = createBrowser(house.api);
    const link = await linkFor(browser);
    const headers = { origin: "https://evil.example" };
    expect((await browser.step(link, { method: "POST", headers })).status).toBe(403);
  });

  it("escapes what people wrote", async () => {
    const evil = await house.company("evil");
    await house.test.db.inTenant(evil.tenantId, (tx) =>
      tx.tenant.update({ where: { id: evil.tenantId }, data: { name: "<script>alert(1)</script>" } }),
    );
    const userId = await evil.member("eve@evil.example");
    const { token } = await createSignInLink(house.test.db, evil.ctx.host.clock, { tenantId: evil.tenantId, userId });
    const { text } = await createBrowser(house.api).open(`${evil.origin}/sign-in/${token}`);
    expect(text).toContain("&lt;script&gt;");
    expect(text).not.toContain("<script>");
  });

  it("is not sent, and does not work, where the company allows another way or another domain only", async () => {
    const browser = createBrowser(house.api);
    const link = await linkFor(browser);
    for (const [policy, code] of [
      [{ requiredIssuer: "https://login.acme.example" }, "issuer"],
      [{ allowedDomains: ["acme.com"] }, "domain"],
    ] as const) {
      await acme.setPolicy({
        ...policy,
        allowedDomains: [...("allowedDomains" in policy ? policy.allowedDomains : [])],
      });
      const before = house.outbox.list().length;
      await askFor(browser, { email: "ann@acme.example" });
      await house.settle();
      expect(house.outbox.list().length).toBe(before);
      expect(await press(browser, link)).toBe(`/sign-in?error=${code}`);
    }
    // The operator's is the way back in.
    const { token } = await createSignInLink(
      house.test.db,
      acme.ctx.host.clock,
      { tenantId: acme.tenantId, userId: ann },
      { kind: "terminal" },
    );
    expect((await browser.step(`${acme.origin}/sign-in/${token}`)).headers.get("location")).toBe("/");
    expect((await acme.audited("session.started")).at(-1)).toMatchObject({ method: "terminal" });
  });

  it("of who switches here works by opening it, by the rules of the company that it leads to", async () => {
    const who = { tenantId: acme.tenantId, userId: ann };
    const { clock } = acme.ctx.host;
    const open = async () => {
      const { token } = await createSignInLink(house.test.db, clock, who, { kind: "switch" });
      return (await createBrowser(house.api).step(`${acme.origin}/sign-in/${token}`)).headers.get("location");
    };
    expect(await open()).toBe("/");
    expect((await acme.audited("session.started")).at(-1)).toMatchObject({ method: "switch" });
    await acme.setPolicy({ requiredIssuer: "https://login.acme.example" });
    expect(await open()).toBe("/sign-in?error=issuer");
  });
});
