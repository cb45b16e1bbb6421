import type { Permission } from "@finops/platform/access/permissions";
import { createApiKey } from "@finops/platform/identity/api-keys";
import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDoor, type Sent, type TestDoor } from "./testing/test-door.ts";

let door: TestDoor;
let ctx: Context;
let [maker, reader, outsider] = ["", "", ""];

beforeAll(async () => {
  door = await createTestDoor();
  ctx = await door.makeCompany("acme");
  const key = async (...permissions: Permission[]) =>
    (await createApiKey(ctx, { name: permissions.join(" "), permissions })).key;
  maker = await key("costs:read", "alerts:read", "alerts:write");
  reader = await key("alerts:read");
  outsider = await key("costs:read");
});
afterAll(() => door.close());

const rule = {
  name: "Clusters",
  conditions: [{ kind: "cost-above", currency: "USD", window: "day", above: "1200.00" }],
};
const target = { kind: "webhook", url: "https://hooks.example/alerts", secret: "a-secret-of-this-test" };
const channel = { name: "Operations", target };
const send = (path: string, sent: Sent = {}) => door.send(`/api/v1/alerts${path}`, { key: maker, ...sent });
const statusOf = async (path: string, sent: Sent = {}) => (await send(path, sent)).status;

it("makes, reads, changes and deletes rules and channels, each with the status that it is told by", async () => {
  for (const [path, body] of [
    ["/rules", rule],
    ["/channels", channel],
  ] as const) {
    const made = await send(path, { body });
    expect(made.status).toBe(201);
    const at = `${path}/${String(made.json["id"])}`;
    expect([await statusOf(at), await statusOf(path)]).toEqual([200, 200]);
    expect(await statusOf(at, { method: "PUT", body: { ...body, version: 1 } })).toBe(200);
    expect(await statusOf(at, { method: "PUT", body: { ...body, version: 1 } })).toBe(409);
    expect(await statusOf(`${at}?version=2`, { method: "DELETE", key: reader })).toBe(403);
    if (path === "/channels") {
      const tested = await send(`${at}/test`, { method: "POST" });
      expect([tested.status, tested.json["state"]]).toEqual([201, "queued"]);
      expect(await statusOf(`/deliveries/${String(tested.json["id"])}/resend`, { method: "POST" })).toBe(409);
    }
    expect(await statusOf(`${at}?version=2`, { method: "DELETE" })).toBe(200);
    expect(await statusOf(at)).toBe(404);
  }
  const { json } = await send("/rules/preview", { body: { conditions: rule.conditions, days: 30 } });
  expect(json["sentence"]).toBe("It would not have fired in the last 30 days.");
  expect((await send("")).json["alerts"]).toEqual([]);
  const audited = await ctx.inTenant((tx) => tx.auditEntry.findMany({ where: { action: { startsWith: "alert-" } } }));
  expect(audited).toHaveLength(7);
  expect(
    JSON.stringify(audited, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  ).not.toContain("a-secret");
});

it("refuses in words what is no rule and no channel, and who may not", async () => {
  expect((await door.send("/api/v1/alerts")).status).toBe(401);
  for (const path of ["", "/rules", "/channels", "/deliveries"])
    expect(await statusOf(path, { key: outsider })).toBe(403);
  expect([await statusOf("", { key: reader }), await statusOf("/channels", { key: reader })]).toEqual([200, 403]);
  expect(await statusOf("/rules", { key: reader, body: rule })).toBe(403);
  const nobody = "/00000000-0000-7000-8000-000000000000";
  for (const verb of ["acknowledge", "resolve"])
    expect(await statusOf(`${nobody}/${verb}`, { method: "POST" })).toBe(404);
  expect(await statusOf(`${nobody}/snooze`, { body: { hours: 4 } })).toBe(404);
  const wrong = async (path: string, body: object) => {
    const { status, json } = await send(path, { body });
    return [status, json["detail"]];
  };
  const of = (condition: object) => wrong("/rules", { ...rule, conditions: [{ ...rule.conditions[0], ...condition }] });
  expect(await of({ above: "1,200" })).toEqual([400, expect.stringContaining("1200.00")]);
  expect(await wrong("/rules", { ...rule, conditions: [] })).toEqual([400, expect.stringContaining("Add a condition")]);
  const to = (more: object) => wrong("/channels", { ...channel, target: { ...target, ...more } });
  expect(await to({ url: "http://hooks.example" })).toEqual([400, expect.stringContaining("https://")]);
  expect(await to({ url: "javascript:alert(1)" })).toEqual([400, expect.stringContaining("https://")]);
  expect(await to({ secret: "short" })).toEqual([400, expect.stringContaining("16 characters")]);
  expect(await statusOf("?cursor=x")).toBe(400);
});

it("keeps chains and schedules of people on call, each with the status that it is told by, and says how much rang", async () => {
  const personId = await door.makePerson(ctx, "Ada", "admin");
  const schedule = {
    name: "Weekdays",
    timeZone: "Europe/Berlin",
    people: [{ personId }],
    handOver: { every: "week", at: "09:00" },
    start: "2026-11-02",
  };
  const at = (path: string, sent: Sent = {}) => door.send(`/api/v1${path}`, { key: maker, ...sent });
  const onCall = await at("/on-call", { body: schedule });
  expect([onCall.status, onCall.json["now"]]).toMatchObject([201, { person: { name: "Ada" } }]);
  const scheduleId = String(onCall.json["id"]);
  const chain = { name: "Night", steps: [{ afterMinutes: 0, to: { kind: "on-call", scheduleId } }] };
  const made = await at("/alerts/escalations", { body: chain });
  expect([made.status, made.json["told"]]).toEqual([201, ["Weekdays"]]);
  const named = await at("/alerts/rules", { body: { ...rule, escalationId: made.json["id"] } });
  expect(named.status).toBe(201);
  for (const [path, body] of [
    [`/on-call/${scheduleId}`, schedule],
    [`/alerts/escalations/${String(made.json["id"])}`, chain],
  ] as const) {
    expect((await at(path)).status).toBe(200);
    expect((await at(path, { method: "PUT", body: { ...body, version: 7 } })).status).toBe(409);
    expect((await at(path, { method: "PUT", body: { ...body, version: 1 } })).status).toBe(200);
    expect((await at(path, { method: "PUT", body: { ...body, version: 2 }, key: reader })).status).toBe(403);
    // Something still needs it.
    expect((await at(`${path}?version=2`, { method: "DELETE" })).status).toBe(409);
  }
  expect((await at(`/on-call/${scheduleId}/shifts?weeks=1`)).json["shifts"]).toHaveLength(1);
  expect((await at("/on-call", { key: reader })).status).toBe(200);
  expect((await at("/on-call", { key: outsider })).status).toBe(403);
  expect((await at("/alerts/escalations", { key: reader })).status).toBe(403);
  expect((await at("/on-call", { body: { ...schedule, people: [] } })).status).toBe(400);
  await at(`/alerts/rules/${String(named.json["id"])}?version=1`, { method: "DELETE" });
  expect((await at(`/alerts/escalations/${String(made.json["id"])}?version=2`, { method: "DELETE" })).status).toBe(200);
  expect((await at(`/on-call/${scheduleId}?version=2`, { method: "DELETE" })).status).toBe(200);
  expect((await at(`/on-call/${scheduleId}`)).status).toBe(404);
  expect((await at("/alerts/noise?days=90")).json["sentence"]).toBe("Nothing fired in the last 90 days.");
  expect((await at("/alerts/noise?days=91")).status).toBe(400);
});
