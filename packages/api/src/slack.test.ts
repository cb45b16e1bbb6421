import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { newId } from "@finops/kernel/id";
import { deliverAlertsJob } from "@finops/capabilities/alerts/index";
import { createOutsideFetch } from "@finops/platform/network/outside-fetch";
import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDoor, type TestDoor } from "./testing/test-door.ts";

interface Called {
  path: string;
  token: string | undefined;
  form: Record<string, string>;
  json: Record<string, unknown>;
}

/** Slack's side, in the shapes that its reference gives; what it is told is kept. */
let slack: Server;
let url = "";
const calls: Called[] = [];
let refusal: string | null = null;
/** By their ids in Slack. */
const emails: Record<string, object> = {};

let door: TestDoor;
let ctx: Context;
let [owner, other] = ["", ""];
const pending: Promise<void>[] = [];
const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const later = () => Promise.all(pending.splice(0));

beforeAll(async () => {
  slack = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const isJson = request.headers["content-type"] === "application/json";
      const form = isJson ? {} : Object.fromEntries(new URLSearchParams(text));
      const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
      calls.push({ path: request.url!, token: request.headers.authorization, form, json });
      answer.setHeader("content-type", "application/json");
      answer.end(JSON.stringify(refusal === null ? answerOf(request.url!, form) : { ok: false, error: refusal }));
    });
  });
  await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(slack.address() as AddressInfo).port}`;
  door = await createTestDoor({ later: (work) => void pending.push(work()) });
  Object.assign(door.host, {
    slack: { clientId: "1.2", clientSecret: "secret-of-the-app", signingSecret, url },
    outside: { isHttpAllowed: true, fetch: createOutsideFetch({ isInsideAllowed: true }) },
  });
  ctx = await door.makeCompany("acme");
  owner = await door.signIn(ctx, await door.makePerson(ctx, "Olga", "owner"));
  other = await door.signIn(ctx, await door.makePerson(ctx, "Vera", "viewer"));
  emails["UOLGA"] = { profile: { email: "Olga@example.com" }, team_id: "T1" };
  emails["UVERA"] = { profile: { email: "vera@example.com" }, team_id: "T1" };
  emails["UEVE"] = { profile: { email: "olga@example.com" }, team_id: "T9", is_stranger: true };
  emails["UNOBODY"] = { profile: { email: "nobody@example.com" }, team_id: "T1" };
});
afterAll(async () => {
  await door.close();
  await new Promise((resolve) => slack.close(resolve));
});
beforeEach(() => {
  calls.length = 0;
  refusal = null;
});

function answerOf(path: string, form: Record<string, string>): object {
  if (path === "/api/oauth.v2.access")
    return { ok: true, access_token: "xoxb-of-ours", token_type: "bot", team: { id: "T1", name: "Acme" } };
  if (path === "/api/chat.postMessage") return { ok: true, channel: "C123", ts: "1503435956.000247" };
  if (path === "/api/chat.update") return { ok: true, channel: "C123", ts: form["ts"], text: form["text"] };
  if (path === "/api/users.info") return { ok: true, user: { id: form["user"], ...emails[form["user"]!] } };
  return { ok: true };
}

const stateOf = (location: string) => new URL(location).searchParams.get("state")!;
const begin = (cookie: string, body: object = { name: "Slack of ours", place: "#finops" }) =>
  door.send("/api/slack/install", { body, cookie });
const comeBack = (state: string, cookie: string, code = "code") =>
  door.send(`/slack/callback?state=${state}&code=${code}`, { cookie });

interface Forged {
  secret?: string;
  ageSeconds?: number;
}

/** As Slack sends what it is asked for: a form. */
const fromSlack = async (path: string, form: Record<string, string>, forged: Forged = {}) =>
  (await signed(path, new URLSearchParams(form).toString(), "application/x-www-form-urlencoded", forged)).status;
/** As Slack tells of what happens: JSON. */
const event = (json: object, forged: Forged = {}) =>
  signed("/slack/events", JSON.stringify(json), "application/json", forged);

/** Signed over the body as it is. */
async function signed(path: string, body: string, contentType: string, forged: Forged) {
  const timestamp = String(Math.floor(door.host.clock.now().getTime() / 1000) - (forged.ageSeconds ?? 0));
  const mac = createHmac("sha256", forged.secret ?? signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest("hex");
  const answer = await door.api.request(path, {
    method: "POST",
    headers: {
      "content-type": contentType,
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${mac}`,
    },
    body,
  });
  await later();
  return answer;
}
const press = (user: string, action: string, value: string) =>
  fromSlack("/slack/actions", {
    payload: JSON.stringify({
      type: "block_actions",
      team: { id: "T1", domain: "acme" },
      user: { id: user, team_id: "T1" },
      response_url: `${url}/response`,
      actions: [{ type: "button", action_id: action, block_id: "b", value }],
    }),
  });
const told = () => calls.filter(({ path }) => path === "/response").map(({ json }) => json["text"]);
const deliver = () => {
  const claim = { tenantId: ctx.tenantId };
  return deliverAlertsJob(door.host)({ claim, signal: new AbortController().signal } as never);
};

describe("Slack's app", () => {
  it("is installed by who set out for it, in the session in which they did, once", async () => {
    expect((await begin(other)).status).toBe(403);
    expect((await begin(owner, { name: "x", place: "<!channel>" })).status).toBe(400);
    const { location } = (await begin(owner)).json as { location: string };
    expect(location.startsWith(`${url}/oauth/v2/authorize?client_id=1.2&scope=chat%3Awrite`)).toBe(true);
    const state = stateOf(location);
    expect((await comeBack("nobodys", owner)).headers.get("location")).toContain("slack=expired");
    expect((await comeBack(state, other)).status).toBe(403);
    expect(calls).toEqual([]);
    const done = await comeBack(state, owner);
    expect(done.headers.get("location")).toMatch(/\/alerts\/channels\?edit=/);
    expect(calls[0]!.form).toMatchObject({ client_secret: "secret-of-the-app", code: "code" });
    expect((await comeBack(state, owner)).headers.get("location")).toContain("slack=expired");
    const { json, text } = await door.send("/api/v1/alerts/channels", { cookie: owner });
    expect(json["channels"]).toMatchObject([{ kind: "slack-app", name: "Slack of ours", address: "#finops of Acme" }]);
    expect(text).not.toContain("xoxb");
    expect(JSON.stringify(await ctx.inTenant((tx) => tx.alertChannel.findMany()))).not.toContain("xoxb");
    refusal = "invalid_code";
    const again = stateOf(((await begin(owner)).json as { location: string }).location);
    expect((await comeBack(again, owner)).headers.get("location")).toContain("slack=refused");
  });

  it("tells by blocks, and whoever presses a button does it as themselves, which the message then says", async () => {
    const alertId = await fire();
    await deliver();
    const [post] = calls;
    expect(post).toMatchObject({
      path: "/api/chat.postMessage",
      token: "Bearer xoxb-of-ours",
      form: { channel: "#finops" },
    });
    expect(post!.form["blocks"]).toContain('"action_id":"acknowledge"');

    expect(await press("UVERA", "acknowledge", alertId)).toBe(200);
    expect(await press("UEVE", "acknowledge", alertId)).toBe(200);
    expect(await press("UNOBODY", "acknowledge", alertId)).toBe(200);
    expect(await press("UOLGA", "acknowledge", newId())).toBe(200);
    expect(told()).toEqual([
      expect.stringContaining("alerts:write"),
      expect.stringContaining("does not say an e-mail address"),
      expect.stringContaining("nobody@example.com belongs to nobody in the company"),
      "This alert is not known any more.",
    ]);
    expect(await stateOfAlert(alertId)).toBe("firing");

    calls.length = 0;
    await press("UOLGA", "acknowledge", alertId);
    expect(told()).toEqual([]);
    expect(await stateOfAlert(alertId)).toBe("acknowledged");
    await deliver();
    const update = calls.find(({ path }) => path === "/api/chat.update")!;
    expect(update.form).toMatchObject({ channel: "C123", ts: "1503435956.000247" });
    expect(update.form["blocks"]).toContain("Acknowledged by Olga.");
    expect(update.form["blocks"]).not.toContain("action_id");

    await press("UOLGA", "snooze", alertId);
    expect(await stateOfAlert(alertId)).toBe("snoozed");
  });

  it("answers a command by what the person may see, to them alone", async () => {
    const ask = (user: string, text: string) =>
      fromSlack("/slack/commands", {
        team_id: "T1",
        user_id: user,
        text,
        response_url: `${url}/response`,
        command: "/finops",
      });
    for (const text of ["", "service", "team", "budget", "anything"]) expect(await ask("UOLGA", text)).toBe(200);
    await ask("UNOBODY", "");
    expect(told()).toEqual([
      "There are no costs in 2026-11 that you may see.",
      "There are no costs in 2026-11 that you may see.",
      "There are no costs in 2026-11 that you may see.",
      "There is no budget that you may see.",
      expect.stringContaining("/finops budget"),
      expect.stringContaining("belongs to nobody in the company"),
    ]);
    expect(
      calls.filter(({ path }) => path === "/response").every(({ json }) => json["response_type"] === "ephemeral"),
    ).toBe(true);
  });

  it("listens to Slack alone: signed by its secret, over the body as it came, within five minutes", async () => {
    const form = { team_id: "T1", user_id: "UOLGA", response_url: `${url}/response` };
    expect(await fromSlack("/slack/commands", form, { secret: "another-secret" })).toBe(401);
    expect(await fromSlack("/slack/commands", form, { ageSeconds: 301 })).toBe(401);
    expect(await fromSlack("/slack/commands", form, { ageSeconds: -301 })).toBe(401);
    expect((await door.api.request("/slack/actions", { method: "POST", body: "payload={}" })).status).toBe(401);
    expect((await door.api.request("/slack/actions", { method: "POST", body: "x".repeat(300_000) })).status).toBe(413);
    expect(await fromSlack("/slack/actions", { payload: "no JSON" })).toBe(200);
    expect(calls).toEqual([]);
  });

  it("is an alert to the channel's owner at once when it was removed from the workspace", async () => {
    await fire();
    refusal = "token_revoked";
    await deliver();
    const { json } = await door.send("/api/v1/alerts?state=open", { cookie: owner });
    const broken = (json["alerts"] as { title: string; message: string }[]).find(
      ({ title }) => title === "Channel Slack of ours",
    );
    expect(broken?.message).toContain("removed from the workspace: install it again");
    expect(door.outbox.list()[0]).toMatchObject({
      to: "olga@example.com",
      subject: "Alerts do not arrive by Slack of ours",
    });
  });

  it("hears of its removal at once: the channel is an alert with the reason, and its owner gets one mail", async () => {
    const proof = {
      token: "old",
      type: "url_verification",
      challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
    };
    const answer = await event(proof);
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: proof.challenge }]);
    expect((await event(proof, { secret: "another-secret" })).status).toBe(401);

    const state = stateOf(
      ((await begin(owner, { name: "Removed", place: "#ops" })).json as { location: string }).location,
    );
    await comeBack(state, owner);
    const seconds = Math.floor(door.host.clock.now().getTime() / 1000);
    const happened = (what: object, at = seconds + 60, team = "T1") =>
      event({
        token: "old",
        team_id: team,
        api_app_id: "A1",
        type: "event_callback",
        event_id: "Ev1",
        event_time: at,
        event: what,
      });
    const alertsOf = async () =>
      ctx.inTenant((tx) => tx.alert.findMany({ where: { title: "Channel Removed" }, include: { events: true } }));
    const mails = () => door.outbox.list().filter(({ subject }) => subject === "Alerts do not arrive by Removed");

    // Another workspace, a person's token, an event of before the installation, one that is not read, and a forged one.
    await happened({ type: "app_uninstalled" }, seconds + 60, "T9");
    await happened({ type: "tokens_revoked", tokens: { oauth: ["UOLGA"], bot: [] } });
    await happened({ type: "app_uninstalled" }, seconds - 3600);
    await happened({ type: "team_join", user: { id: "UEVE" } });
    await event(
      { type: "event_callback", team_id: "T1", event_time: seconds + 60, event: { type: "app_uninstalled" } },
      { secret: "x" },
    );
    expect(await alertsOf()).toEqual([]);

    expect((await happened({ type: "tokens_revoked", tokens: { oauth: [], bot: ["UBOT"] } })).status).toBe(200);
    await happened({ type: "app_uninstalled" });
    await happened({ type: "app_uninstalled" });
    const [broken, ...more] = await alertsOf();
    expect(more).toEqual([]);
    expect(broken).toMatchObject({
      state: "firing",
      message:
        "The channel Removed of Olga does not deliver: The workspace took the app's token back. Make the channel anew to install it again.",
    });
    expect(broken!.events).toHaveLength(1);
    expect(mails()).toMatchObject([{ to: "olga@example.com", text: expect.stringContaining(broken!.message) }]);
    const { json } = await door.send("/api/v1/alerts/channels", { cookie: owner });
    expect((json["channels"] as { name: string }[]).find(({ name }) => name === "Removed")).toMatchObject({
      failures: 5,
      problem: "The app was removed from the workspace. Make the channel anew to install it again.",
    });
  });

  it("says what to set where there is none", async () => {
    Object.assign(door.host, { slack: null });
    const { json } = await door.send("/api/v1/alerts/slack", { cookie: owner });
    expect(json).toMatchObject({ isReady: false, todo: expect.stringContaining("FINOPS_SLACK_CLIENT_ID") });
    expect((await begin(owner)).status).toBe(412);
    expect(await fromSlack("/slack/commands", {})).toBe(404);
  });
});

/** An alert that fires, told by the app's channel. */
async function fire(): Promise<string> {
  const { json } = await door.send("/api/v1/alerts/channels", { cookie: owner });
  const [{ id: channelId }] = json["channels"] as [{ id: string }];
  const [id, now] = [newId(), door.host.clock.now()];
  const conditions = [{ kind: "cost-above", currency: "USD", window: "day", above: "40" }];
  const rule = await door.send("/api/v1/alerts/rules", {
    cookie: owner,
    body: { name: "Web", conditions, channelIds: [channelId] },
  });
  const life = {
    state: "firing",
    overDays: 1,
    lastOverDay: null,
    times: 1,
    firedAt: now.toISOString(),
    resolvedAt: null,
    snoozedUntil: null,
    isClosedByHand: false,
  };
  const alert = { severity: "critical", title: "Web", message: "Web costs 50.", filters: [null], state: "firing" };
  const alerts = [{ id, title: "Web", message: "Web costs 50.", url: `http://localhost:3000/alerts/${id}` }];
  const message = {
    what: "fired",
    severity: "critical",
    rule: "Web",
    company: "acme",
    at: now.toISOString(),
    url: "http://localhost:3000/alerts",
    alerts,
  };
  await ctx.inTenant(async (tx) => {
    const ruleId = String(rule.json["id"]);
    await tx.alert.create({ data: { id, ruleId, subject: id, ...alert, life, firedAt: now, changedAt: now } });
    await tx.alertDelivery.create({ data: { channelId, title: "Alert: Web", message, nextAt: now, createdAt: now } });
  });
  return id;
}

async function stateOfAlert(id: string): Promise<string> {
  return (await ctx.inTenant((tx) => tx.alert.findFirstOrThrow({ where: { id } }))).state;
}
