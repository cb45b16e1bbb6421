import { randomBytes } from "node:crypto";
import { createServer, request as askServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";
import type { ExportRequestInput } from "@finops/capabilities/exports/contract";
import { createExporter } from "@finops/capabilities/exports/on-node";
import { systemClock } from "@finops/kernel/clock";
import { createDatabaseNotices } from "@finops/platform/events/notices";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { silentLog } from "@finops/platform/observe/log";
import { createEnvelopeVault } from "@finops/platform/secrets/envelope-vault";
import { parseMasterKeys } from "@finops/platform/secrets/parse-master-keys";
import type { Context } from "@finops/platform/tenancy/context";
import { createInlineEngine } from "@finops/pipeline/engine/engine-runner";
import { openCostsBehind } from "@finops/pipeline/testing/clickhouse-costs";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { startClickHouseFace } from "@finops/warehouse/testing/clickhouse-face";
import { startOpenIdProvider, testClient } from "@finops/platform/testing/openid-provider";
import { ringInFront } from "@finops/api/ring";
import { createBrowser } from "@finops/api/testing/browser";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type StartedWorker, startWorker } from "./testing/started-worker.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 120_000 });

let test: TestPipeline;
let worker: StartedWorker;
const masterKey = randomBytes(32).toString("base64");
/** The service that takes mail, and the name server. */
let outside: Server;
const sent: { to: string[]; text: string }[] = [];
/** ClickHouse, by a way on which every answer may take its time. */
let slowWay: Server;
let delayMs = 0;
let acme: Context;
let beta: Context;
let ann: string;
let bob: string;

beforeAll(async () => {
  outside = createServer((request, answer) => {
    // The name server, which knows no such name.
    if (request.method === "GET") return answer.end(JSON.stringify({ Status: 3 }));
    void json(request).then((mail) => {
      sent.push(mail as (typeof sent)[number]);
      answer.end("{}");
    });
  });
  await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve));
  const face = await startClickHouseFace();
  slowWay = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    const onward = askServer(new URL(url!, face.url), { method, headers, agent: false }, (answered) =>
      setTimeout(() => answered.pipe(answer.writeHead(answered.statusCode!, answered.headers)), delayMs),
    );
    asked.pipe(onward.on("error", () => answer.destroy()));
  });
  await new Promise<void>((resolve) => slowWay.listen(0, "127.0.0.1", resolve));
  const makeEngine = (tempDir: string) => createInlineEngine({ tempDir, threads: 1, memoryMb: 512 });
  test = await createTestPipeline(makeEngine, openCostsBehind(face));
  [acme, beta] = [await test.company(), await test.company()];
  await test.importFiles(acme, {
    "may.csv": focusBill([{ BilledCost: "0.1" }, { BilledCost: "1234567890.00000000012345678901234567" }]),
  });
  await test.importFiles(beta, { "may.csv": focusBill([{ BilledCost: "7" }]) });
  worker = await startWorker({
    appUrl: test.database.appUrl,
    clickHouseUrl: `http://127.0.0.1:${(slowWay.address() as AddressInfo).port}${new URL(face.url).pathname}`,
    outsideUrl: `http://127.0.0.1:${(outside.address() as AddressInfo).port}`,
    masterKey,
  });
  [ann, bob] = [await signIn(acme, "ann"), await signIn(beta, "bob")];
});
afterAll(async () => {
  await worker?.stop();
  slowWay?.close();
  await test?.close();
  outside?.close();
});

/** Signs an owner in by a link, and returns the Cookie header. */
async function signIn({ tenantId }: Context, name: string): Promise<string> {
  const { db } = test.database;
  const userId = await ensureUser(db, { email: `${name}@example.com`, name });
  await setMember(db, tenantId, userId, "owner");
  const { token } = await createSignInLink(db, systemClock, { tenantId, userId }, { kind: "terminal" });
  const answer = await fetch(`${worker.url}/sign-in/${token}`, { redirect: "manual" });
  const cookie = answer.headers.get("set-cookie");
  if (cookie === null) throw new Error(`signing in answers ${answer.status}: ${await answer.text()}`);
  return cookie.split(";")[0]!;
}

function ask(cookie: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${worker.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { cookie, "x-finops-request": "1", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Questions about costs that nobody has asked before: they differ in how many groups they want. */
let groups = 0;
function newQuestion() {
  const period = { start: "2000-01-01", end: "2100-01-01" };
  return { measures: ["billedCost"], groupBy: ["serviceName"], limit: 1 + (groups += 1), period };
}

async function billed(cookie: string): Promise<string | undefined> {
  const query = { measures: ["billedCost"], period: { start: "2000-01-01", end: "2100-01-01" } };
  const answer = await ask(cookie, "/api/v1/cost/query", query);
  const { totals } = (await answer.json()) as { totals: { values: { billedCost: { value: string } } }[] };
  return totals[0]?.values.billedCost.value;
}

it("is healthy, and ready when its database answers", async () => {
  const answers = await Promise.all(["/healthz", "/readyz"].map((path) => fetch(`${worker.url}${path}`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

it("gives every company its own costs, to the last digit that Node gives", async () => {
  expect([await billed(ann), await billed(bob)]).toEqual([
    (await test.billed(acme))["USD"],
    (await test.billed(beta))["USD"],
  ]);
  expect(await billed(ann)).toBe("1234567890.10000000012345678901234567");
});

it("tells those who listen of what changes, and lets them go when their session ends", async () => {
  const cookie = await signIn(acme, "eve");
  // The simulator leaves the connection open after both have said goodbye.
  const options = { headers: { cookie, origin: worker.url }, closeTimeout: 500 };
  const socket = new WebSocket(`${worker.url.replace("http", "ws")}/api/v1/live`, options);
  const heard: { type: string; events?: { topic: string }[] }[] = [];
  socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString()) as (typeof heard)[number]));
  const ended = new Promise<number>((resolve) => socket.on("close", resolve));
  await expect.poll(() => heard.map(({ type }) => type)).toEqual(["ready"]);
  expect((await ask(ann, "/api/v1/reprocess", {})).status).toBe(202);
  const topics = () => heard.flatMap(({ events = [] }) => events.map(({ topic }) => topic));
  await expect.poll(topics).toContain("import");
  // What is revoked is gone with the next request, and with the next word of a socket.
  expect((await ask(cookie, "/api/v1/datasets")).status).toBe(200);
  expect((await ask(cookie, "/sign-out", {})).status).toBe(204);
  expect((await ask(cookie, "/api/v1/datasets")).status).toBe(401);
  expect((await ask(ann, "/api/v1/reprocess", {})).status).toBe(202);
  expect(await ended).toBe(4401);
});

it("tells them of what Node processes do as soon as it is rung, and not only when it looks", async () => {
  const vault = createEnvelopeVault(test.database.db, () => parseMasterKeys([masterKey], "this test"));
  const notices = createDatabaseNotices(test.database.db);
  const stop = await ringInFront({ vault, clock: systemClock, log: silentLog }, notices, worker.url);
  const options = { headers: { cookie: ann, origin: worker.url }, closeTimeout: 500 };
  const socket = new WebSocket(`${worker.url.replace("http", "ws")}/api/v1/live`, options);
  const heard: string[] = [];
  socket.on("message", (data: Buffer) => {
    const { type, events = [] } = JSON.parse(data.toString()) as { type: string; events?: { key: string }[] };
    heard.push(type, ...events.map(({ key }) => key));
  });
  try {
    await expect.poll(() => heard).toContain("ready");
    for (const key of ["first", "second", "third"]) {
      await test.database.db.inTenant(
        acme.tenantId,
        (tx) => tx.$executeRaw`select append_live_event(${acme.tenantId}::uuid, 'import', ${key}, '{}'::jsonb)`,
      );
      await expect.poll(() => heard, { timeout: 4_000 }).toContain(key);
    }
  } finally {
    stop();
    socket.close();
  }
});

it("refuses a socket of another site's page, and one of nobody", async () => {
  const status = (headers: Record<string, string>) =>
    new Promise<number>((resolve) =>
      new WebSocket(`${worker.url.replace("http", "ws")}/api/v1/live`, { headers })
        .on("error", () => undefined)
        .on("unexpected-response", (_, answer) => resolve(answer.statusCode!)),
    );
  expect([await status({ cookie: ann, origin: "https://evil.example" }), await status({ origin: worker.url })]).toEqual(
    [403, 401],
  );
});

it("signs people in with their company's own provider, by a code and PKCE, and a mail the first time", async () => {
  const provider = await startOpenIdProvider({ redirectUris: [`${worker.url}/sign-in/callback`] });
  try {
    const added = await ask(ann, "/api/v1/identity-providers", {
      name: "Acme",
      issuer: provider.issuer,
      ...testClient,
    });
    expect(added.status).toBe(201);
    const { id } = (await added.json()) as { id: string };
    provider.account = { sub: "acme-ann", email: "ann@example.com", email_verified: true, name: "Ann" };
    const browser = createBrowser({ request: (url, init) => fetch(url, init) });
    const { slug } = await test.database.db.inTenant(acme.tenantId, (tx) => tx.tenant.findFirstOrThrow());
    const way = `${worker.url}/sign-in/with/${id}?return=/explorer&company=${slug}`;
    // Who is known by an address alone confirms it by mail, once.
    expect((await browser.open(way)).url.search).toBe("?error=email-sent");
    await expect.poll(() => sent.at(-1)?.to).toEqual(["ann@example.com"]);
    await browser.step(/http\S+/.exec(sent.at(-1)!.text)![0], { method: "POST" });
    const again = createBrowser({ request: (url, init) => fetch(url, init) });
    expect((await again.open(way)).url.pathname).toBe("/explorer");
    expect(await (await browser.step(`${worker.url}/api/session`)).json()).toMatchObject({
      signedIn: true,
      email: "ann@example.com",
    });
    expect(provider.tokenRequests.at(-1)!.get("code_verifier")!.length).toBeGreaterThanOrEqual(43);
  } finally {
    await provider.stop();
  }
});

it("shows the page with a nonce that is new each time, and files that are kept by their hash", async () => {
  const pages = await Promise.all(["/", "/explorer"].map((path) => fetch(`${worker.url}${path}`)));
  const texts = await Promise.all(pages.map((page) => page.text()));
  const nonces = pages.map(
    (page) => /script-src 'self' 'nonce-([\w-]+)'/.exec(page.headers.get("content-security-policy")!)![1],
  );
  expect(new Set(nonces).size).toBe(2);
  for (const [index, text] of texts.entries()) {
    expect(text).not.toContain("%CSP_NONCE%");
    expect(text).toContain(`nonce="${nonces[index]}"`);
    expect(pages[index]!.headers.get("cache-control")).toBe("no-store");
  }
  const [file] = /\/assets\/[^"]+\.js/.exec(texts[0]!)!;
  expect((await fetch(`${worker.url}${file}`)).headers.get("cache-control")).toBe(
    "public, max-age=31536000, immutable",
  );
});

it("streams an export, and says where the other formats are written", async () => {
  const period = { start: "2000-01-01", end: "2100-01-01" };
  const what = { kind: "rows", query: { period, columns: ["serviceName", "billedCost"] } };
  const [anns, bobs] = [
    await ask(ann, "/api/v1/export", { what, format: "csv" }),
    await ask(bob, "/api/v1/export", { what, format: "csv" }),
  ];
  expect(anns.headers.get("x-finops-rows")).toBe("2");
  const file = await createExporter(test).download(acme, { what, format: "csv" } as ExportRequestInput);
  expect(await anns.text()).toBe(await text(file.body));
  expect((await bobs.text()).split("\n").slice(1)).toEqual([expect.stringMatching(/,7$/), ""]);
  const refused = await ask(ann, "/api/v1/export", { what, format: "xlsx" });
  expect([refused.status, refused.headers.get("content-type")]).toEqual([412, "application/problem+json"]);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining("runs on Node") });
});

it("says of SAML and PDF that they are offered elsewhere", async () => {
  const saml = { name: "Acme", metadata: "<EntityDescriptor/>" };
  const view = "/api/v1/views/00000000-0000-7000-8000-000000000000/pdf";
  const added = await ask(ann, "/api/v1/identity-providers/saml", saml);
  const described = await fetch(`${worker.url}/sign-in/saml/metadata`);
  expect([added.status, described.status, (await ask(ann, view)).status]).toEqual([412, 412, 404]);
  for (const answer of [added, described])
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("runs on Node") });
});

it("goes its rounds by Cron Trigger and queue", async () => {
  const { db } = test.database;
  await db.inTenant(acme.tenantId, (tx) =>
    tx.companyDomain.create({
      data: {
        tenantId: acme.tenantId,
        domain: "costs.acme.invalid",
        proof: "p",
        verifiedAt: new Date(0),
        checkedAt: new Date(0),
      },
    }),
  );
  await worker.goOff();
  const checkedAt = async () =>
    (await db.inTenant(acme.tenantId, (tx) => tx.companyDomain.findFirstOrThrow())).checkedAt;
  await expect.poll(async () => (await checkedAt())!.getTime()).toBeGreaterThan(0);
});

it("shows nothing of another company, whoever names it", async () => {
  const datasets = async (cookie: string) =>
    ((await (await ask(cookie, "/api/v1/datasets")).json()) as { periods: { versions: { id: string }[] }[] }).periods;
  const [version] = (await datasets(ann)).flatMap(({ versions }) => versions);
  const path = `/api/v1/datasets/versions/${version!.id}`;
  expect([(await ask(ann, path)).status, (await ask(bob, path)).status, (await ask("", path)).status]).toEqual([
    200, 404, 401,
  ]);
});

it("answers many at once, each on connections of its own", async () => {
  // More than there are clients that are kept, and once more with those that are.
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask(index % 2 === 0 ? ann : bob, "/api/v1/datasets")),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }
});

it("answers many questions about costs while ClickHouse takes its time, and those that somebody left in the middle", async () => {
  delayMs = 2_500;
  try {
    const questions = Array.from({ length: 8 }, newQuestion);
    const left = new AbortController();
    const leaving = questions.map((question) =>
      fetch(`${worker.url}/api/v1/cost/query`, {
        method: "POST",
        headers: { cookie: ann, "x-finops-request": "1", "content-type": "application/json" },
        body: JSON.stringify(question),
        signal: left.signal,
      }).catch(() => null),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    const asked = [...questions, ...questions.map(newQuestion)].map((question) =>
      ask(ann, "/api/v1/cost/query", question),
    );
    left.abort();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await Promise.all(leaving);
  } finally {
    delayMs = 0;
  }
});
