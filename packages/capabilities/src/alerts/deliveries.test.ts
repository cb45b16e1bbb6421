import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createOutsideFetch } from "@finops/platform/network/outside-fetch";
import type { Outbox } from "@finops/platform/mail/outbox";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeCompany, makePerson, movedClock, type MovedClock } from "../people/testing/people.ts";
import { listAlerts } from "./alert-service.ts";
import { changeChannel, createChannel, deleteChannel, listChannels, testChannel } from "./channel-service.ts";
import type { ChannelTarget } from "./contract.ts";
import { getDelivery, listDeliveries, resendDelivery } from "./delivery-log-service.ts";
import { deliverDue } from "./delivery-service.ts";
import { digestDue } from "./digest-service.ts";
import { askForDueDeliveries } from "./jobs.ts";
import { putIntoOutbox, tellChannels } from "./outbox-service.ts";
import { readKeptDays, sweepDeliveries } from "./sweep-deliveries.ts";

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let test: TestDatabase;
let clock: MovedClock;
let ctx: Context;
let server: Server;
let url: string;
let person: { id: string; email: string };
const received: Received[] = [];
/** How the receiver answers; the next one first, then well. */
const answers: ((answer: ServerResponse) => void)[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  clock = movedClock("2026-11-10T12:00:00Z");
  server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      (answers.shift() ?? ((one) => one.end("ok")))(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=of-ours`;
  const company = await makeCompany(test, clock);
  const outside = { isHttpAllowed: true, fetch: createOutsideFetch({ isInsideAllowed: true }) };
  ctx = { ...company.ctx, host: { ...company.ctx.host, outside } };
  person = await makePerson(ctx, "admin");
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await test.drop();
});
beforeEach(() => {
  received.length = 0;
  answers.length = 0;
});

const secret = "a-secret-of-this-test";
const make = (target: ChannelTarget, more: object = {}) => createChannel(ctx, { name: "Operations", target, ...more });
const webhook = (more: object = {}) => make({ kind: "webhook", url, secret }, more);
const later = (ms: number) => (clock.at = new Date(clock.at.getTime() + ms));
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (answer: ServerResponse) =>
    answer.writeHead(code, headers).end();

describe("a delivery", () => {
  it("arrives by a webhook with a signature, a timestamp and a key of its own", async () => {
    const channel = await webhook();
    const { id } = await testChannel(ctx, channel.id);
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 0 });
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    const timestamp = String(Date.parse("2026-11-10T12:00:00Z") / 1000);
    const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "idempotency-key": id,
      "x-finops-timestamp": timestamp,
      "x-finops-signature": `v1=${signature}`,
    });
    expect(JSON.parse(body)).toMatchObject({ id, what: "test", rule: "Operations" });
    expect(await getDelivery(ctx, id)).toMatchObject({ state: "sent", attempts: 1, problem: null, nextAt: null });
    expect(await deliverDue(ctx)).toEqual({ sent: 0, failed: 0 });
  });

  it("is tried again, later each time, by the same key, until it arrives", async () => {
    const channel = await webhook();
    const { id } = await testChannel(ctx, channel.id);
    answers.push(status(500), status(302, { location: "http://127.0.0.1:1/" }));
    await deliverDue(ctx);
    expect(await getDelivery(ctx, id)).toMatchObject({
      state: "queued",
      attempts: 1,
      problem: "127.0.0.1 answers by 500.",
    });
    expect(await deliverDue(ctx)).toEqual({ sent: 0, failed: 0 });
    later(31_000);
    await askForDueDeliveries(ctx.host);
    await deliverDue(ctx);
    // A redirect is followed nowhere, and is a refusal for good.
    expect(await getDelivery(ctx, id)).toMatchObject({
      state: "dead",
      attempts: 2,
      problem: "127.0.0.1 answers by 302.",
    });
    await resendDelivery(ctx, id);
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 0 });
    expect(new Set(received.map(({ headers }) => headers["idempotency-key"]))).toEqual(new Set([id]));
    await expect(resendDelivery(ctx, id)).rejects.toMatchObject({ code: "conflict" });
  });

  it("comes again by the same key after who sent it died between, and no sooner", async () => {
    const channel = await webhook();
    const { id } = await testChannel(ctx, channel.id);
    const dying = new AbortController();
    // It arrives, and whoever sent it never hears so.
    answers.push(() => dying.abort(new Error("killed")));
    await expect(deliverDue(ctx, { signal: dying.signal })).rejects.toThrow("killed");
    expect(await getDelivery(ctx, id)).toMatchObject({ state: "queued", attempts: 1, problem: null });
    expect(await deliverDue(ctx)).toEqual({ sent: 0, failed: 0 });
    later(121_000);
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 0 });
    expect(received.map(({ headers }) => headers["idempotency-key"])).toEqual([id, id]);
  });

  it("outlives an answer that has no end or breaks off, and a host that is nobody's", async () => {
    const channel = await webhook();
    await testChannel(ctx, channel.id);
    answers.push((answer) => answer.end("x".repeat(300_000)));
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 0 });
    const { id } = await testChannel(ctx, channel.id);
    answers.push((answer) => answer.destroy());
    expect(await deliverDue(ctx)).toEqual({ sent: 0, failed: 1 });
    expect((await getDelivery(ctx, id)).problem).toBe(
      "127.0.0.1 could not be reached, or did not answer within 10 seconds.",
    );
    // As for a company on a host that reaches nothing inside.
    const outside = { isHttpAllowed: false, fetch: createOutsideFetch({ isInsideAllowed: false }) };
    later(61_000);
    const inside = { ...ctx, host: { ...ctx.host, outside } };
    expect(await deliverDue(inside)).toEqual({ sent: 0, failed: 1 });
    await expect(createChannel(inside, { name: "x", target: { kind: "slack", url } })).rejects.toThrow(
      "begins with https://",
    );
    later(3_600_000);
    await deliverDue(ctx);
  });

  it("waits for the next minute when its channel has told enough in this one", async () => {
    const channel = await webhook({ perMinuteMax: 2 });
    for (let count = 0; count < 5; count += 1) await testChannel(ctx, channel.id);
    expect(await deliverDue(ctx)).toEqual({ sent: 2, failed: 0 });
    later(60_500);
    expect(await deliverDue(ctx)).toEqual({ sent: 2, failed: 0 });
    later(60_500);
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 0 });
  });

  it("is an alert to who owns the channel once five attempts in a row failed, until one arrives", async () => {
    const { be } = await makePerson(ctx, "admin");
    const owner = await be();
    const channel = await createChannel(owner, { name: "Broken", target: { kind: "webhook", url, secret } });
    for (let count = 0; count < 5; count += 1) {
      answers.push(status(410));
      await testChannel(ctx, channel.id);
    }
    await deliverDue(ctx);
    const [alert] = (await listAlerts(ctx, { state: "open" })).alerts;
    expect(alert).toMatchObject({ title: "Channel Broken", rule: null });
    expect(alert!.message).toContain("5 attempts in a row failed. 127.0.0.1 answers by 410.");
    const mails = (ctx.host.mail as Outbox)
      .list()
      .filter(({ subject }) => subject === "Alerts do not arrive by Broken");
    expect(mails).toHaveLength(1);
    await testChannel(ctx, channel.id);
    await deliverDue(ctx);
    expect((await listAlerts(ctx, { state: "open" })).alerts).toEqual([]);
    // One that is deleted while it is broken leaves no alert behind.
    for (let count = 0; count < 5; count += 1) {
      answers.push(status(410));
      await testChannel(ctx, channel.id);
    }
    await deliverDue(ctx);
    expect((await listAlerts(ctx, { state: "open" })).alerts).toHaveLength(1);
    await deleteChannel(ctx, channel.id, 1);
    expect((await listAlerts(ctx, { state: "open" })).alerts).toEqual([]);
  });

  it("of what turned alike is one message, after quiet hours, and never tells a secret or a stranger", async () => {
    const channel = await make({ kind: "email", to: [person.email] });
    const definition = {
      severity: "critical" as const,
      channelIds: [channel.id],
      quietHours: { from: "11:00", to: "13:00", timeZone: "UTC" },
    };
    clock.at = new Date("2026-11-11T12:00:00Z");
    const told = (index: number) => ({
      id: `a${index}`,
      what: "fired" as const,
      title: "<b>Web</b>",
      message: `Dear <img> ${index}`,
    });
    await ctx.inTenant((tx) =>
      tellChannels(tx, ctx, { name: 'Rule\r\nBcc: eve@evil.example "<i>"' }, { ...definition } as never, [
        told(1),
        told(2),
      ]),
    );
    expect(await deliverDue(ctx)).toEqual({ sent: 0, failed: 0 });
    clock.at = new Date("2026-11-11T13:00:00Z");
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 0 });
    const [mail] = (ctx.host.mail as Outbox).list();
    expect(mail).toMatchObject({ to: person.email, subject: 'Alert: Rule Bcc: eve@evil.example "<i>": 2 alerts' });
    expect(mail!.html).toContain("Dear &lt;img&gt; 2");
    expect(mail!.html).not.toMatch(/<img|<i>|<b>/);
    const strange = make({ kind: "email", to: ["eve@evil.example"] });
    await expect(strange).rejects.toThrow("neither a person of the company");
    const shown = JSON.stringify([await listChannels(ctx), await listDeliveries(ctx)]);
    expect(shown).not.toMatch(/of-ours|a-secret/);
    const stored = await ctx.inTenant((tx) => tx.alertChannel.findMany());
    expect(JSON.stringify(stored)).not.toMatch(/of-ours|a-secret/);
  });

  it("waits for its channel's digest, which tells all of it once, what is within quiet hours in the next one", async () => {
    const digest = { every: "day" as const, at: "08:00", timeZone: "UTC" };
    const channel = await make({ kind: "email", to: [person.email] }, { digest });
    const tell = (id: string, what: "fired" | "resolved", quietHours: object | null = null) =>
      ctx.inTenant((tx) => {
        const definition = { severity: "warning", channelIds: [channel.id], quietHours } as never;
        return tellChannels(tx, ctx, { name: "Web" }, definition, [{ id, what, title: id, message: `${id} is dear.` }]);
      });
    clock.at = new Date("2026-11-12T12:00:00Z");
    await tell("a1", "fired");
    await tell("a2", "fired", { from: "11:00", to: "09:00", timeZone: "UTC" });
    later(1000);
    await tell("a1", "resolved");
    expect(await deliverDue(ctx)).toEqual({ sent: 0, failed: 0 });
    const mails = () => (ctx.host.mail as Outbox).list().filter(({ subject }) => subject.startsWith("Digest"));
    // A day late, and by two at once.
    clock.at = new Date("2026-11-13T08:00:00Z");
    await Promise.all([digestDue(ctx), digestDue(ctx)]);
    await deliverDue(ctx);
    expect(mails().map(({ subject }) => subject)).toEqual(["Digest: 1 fired, 1 resolved"]);
    expect(mails()[0]!.html).toContain("Fired, resolved: a1 is dear.");
    expect((await listDeliveries(ctx, { state: "digested" })).deliveries).toHaveLength(2);
    clock.at = new Date("2026-11-14T08:00:00Z");
    expect(await digestDue(ctx)).toEqual({ digests: 1 });
    await deliverDue(ctx);
    expect(mails()[0]!.subject).toBe("Digest: 1 fired");
    // Nothing happened, so nothing is sent; nor is anything left behind by who has no digest any more.
    clock.at = new Date("2026-11-15T08:00:00Z");
    expect(await digestDue(ctx)).toEqual({ digests: 1 });
    await tell("a3", "fired");
    expect(await deliverDue(ctx)).toEqual({ sent: 0, failed: 0 });
    await changeChannel(ctx, channel.id, { name: "Operations", version: 1 });
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 0 });
    const target = { kind: "pagerduty" as const, routingKey: "0123456789abcdef0123456789abcdef" };
    await expect(make(target, { digest })).rejects.toThrow("PagerDuty calls people");
  });

  it("that is no message any more is given up at once, and holds nothing else back", async () => {
    const channel = await webhook();
    const now = clock.now();
    await ctx.inTenant((tx) =>
      tx.alertDelivery.create({
        data: { channelId: channel.id, title: "Broken", message: { what: "?" }, nextAt: now, createdAt: now },
      }),
    );
    later(1);
    await testChannel(ctx, channel.id);
    expect(await deliverDue(ctx)).toEqual({ sent: 1, failed: 1 });
    expect((await listDeliveries(ctx, { state: "dead" })).deliveries[0]).toMatchObject({
      title: "Broken",
      problem: "The message could not be made or sent.",
    });
  });

  it("is kept for as long as the setting says, and what waits for longer", async () => {
    const channel = await webhook();
    await testChannel(ctx, channel.id);
    await deliverDue(ctx);
    const { id } = await testChannel(ctx, channel.id);
    later(91 * 86_400_000);
    const all = await ctx.inTenant((tx) => tx.alertDelivery.count());
    const removed = await sweepDeliveries(ctx.host, readKeptDays({}));
    expect(removed).toBeGreaterThan(0);
    expect(await ctx.inTenant((tx) => tx.alertDelivery.count())).toBe(all - removed);
    expect(await getDelivery(ctx, id)).toMatchObject({ state: "queued" });
    await deliverDue(ctx);
    expect(() => readKeptDays({ FINOPS_KEEP_DELIVERIES_DAYS: "forever" })).toThrow("takes a count of days");
  });

  it("goes nowhere when its channel is off or gone, and channels are made by who sees everything", async () => {
    const channel = await webhook({ name: "Off" });
    await testChannel(ctx, channel.id);
    const { version } = await changeChannel(ctx, channel.id, { name: "Off", isOn: false, version: 1 });
    await deliverDue(ctx);
    expect((await listDeliveries(ctx)).deliveries[0]).toMatchObject({
      state: "dead",
      problem: expect.stringContaining("is off"),
    });
    // That it is off does not make it a broken one.
    expect((await listChannels(ctx)).find(({ id }) => id === channel.id)).toMatchObject({ failures: 0, problem: null });
    await deleteChannel(ctx, channel.id, version);
    await expect(testChannel(ctx, channel.id)).rejects.toMatchObject({ code: "not_found" });
    const { tenantId, actor, host } = ctx;
    const permissions = ["alerts:write", "alerts:read"];
    const rowFilters = new Map(permissions.map((key) => [key, { dimension: "serviceName", is: "Web" }]));
    const scoped = createContext(host, { tenantId, actor, via: "page", permissions, rowFilters });
    await expect(createChannel(scoped, { name: "x", target: { kind: "webhook", url, secret } })).rejects.toMatchObject({
      code: "forbidden",
    });
    const now = clock.now();
    await expect(
      ctx.inTenant((tx) => putIntoOutbox(tx, { to: { channelId: channel.id }, message: {} as never, from: now }, now)),
    ).rejects.toThrow();
  });
});
