import { createApiKey } from "@finops/platform/identity/api-keys";
import type { Permission } from "@finops/platform/access/permissions";
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
  maker = await key("costs:read", "budgets:write");
  reader = await key("costs:read");
  outsider = await key("sources:read");
});
afterAll(() => door.close());

const body = {
  name: "Clusters",
  currency: "USD",
  periods: { grain: "month", start: "2026-01-01" },
  amount: { kind: "fixed", amount: "1200.00" },
};
const send = (path: string, sent: Sent = {}) => door.send(`/api/v1/budgets${path}`, { key: maker, ...sent });
const statusOf = async (path: string, sent: Sent = {}) => (await send(path, sent)).status;

it("makes, reads, changes and deletes a budget, each with the status that it is told by", async () => {
  const idempotency = { headers: { "idempotency-key": "once" } };
  const made = await send("", { body, ...idempotency });
  expect(made.status).toBe(201);
  const again = await send("", { body, ...idempotency });
  expect([again.json["id"], again.headers.get("idempotency-replayed")]).toEqual([made.json["id"], "true"]);
  const id = String(made.json["id"]);

  const read = await send(`/${id}`, { key: reader });
  expect([read.status, read.json["mayChange"], read.json["standing"]]).toEqual([200, false, null]);
  const etag = read.headers.get("etag")!;
  expect(await statusOf(`/${id}`, { key: reader, headers: { "if-none-match": etag } })).toBe(304);
  for (const part of ["outlook", "history", "comments"]) expect(await statusOf(`/${id}/${part}`)).toBe(200);
  expect(await statusOf(`/${id}/comments`, { body: { text: "Agreed." }, key: reader })).toBe(201);

  const change = { ...body, amount: { kind: "children" }, version: 1, reason: "From the teams" };
  expect(await statusOf(`/${id}`, { method: "PUT", body: change })).toBe(200);
  expect(await statusOf(`/${id}`, { method: "PUT", body: change })).toBe(409);
  expect(await statusOf(`/${id}?version=2`, { method: "DELETE", key: reader })).toBe(403);
  expect(await statusOf(`/${id}?version=2`, { method: "DELETE" })).toBe(200);
  expect(await statusOf(`/${id}`)).toBe(404);
  const audited = await ctx.inTenant((tx) => tx.auditEntry.findMany({ where: { action: { startsWith: "budget." } } }));
  expect(audited.map(({ action }) => action).toSorted()).toEqual([
    "budget.changed",
    "budget.commented",
    "budget.created",
    "budget.deleted",
  ]);
});

it("lists page by page, previews and reads plans without keeping anything", async () => {
  for (const name of ["A", "B", "C"]) await send("", { body: { ...body, name } });
  const first = await send("?limit=2", { key: reader });
  expect(first.json["budgets"]).toMatchObject([{ name: "A" }, { name: "B" }]);
  const second = await send(`?limit=2&cursor=${String(first.json["nextCursor"])}`, { key: reader });
  expect([second.json["budgets"], second.json["nextCursor"]]).toMatchObject([[{ name: "C" }], null]);
  const { name: _, ...draft } = body;
  const preview = await send("/preview", { key: reader, body: draft });
  expect([preview.status, preview.json["standing"]]).toMatchObject([200, { state: "no-data", usedPercent: null }]);
  const plan = await send("/plan", { key: reader, body: { text: "2026-01,12OO", periods: body.periods } });
  expect(plan.json["problems"]).toMatchObject([{ row: 1 }]);
  expect((await send("")).json["budgets"]).toHaveLength(3);
});

it("refuses in words what is no budget, and who may not", async () => {
  expect(await statusOf("", { key: outsider })).toBe(403);
  expect((await door.send("/api/v1/budgets")).status).toBe(401);
  expect(await statusOf("", { key: reader, body })).toBe(403);
  const wrong = async (part: object) => {
    const { status, json } = await send("", { body: { ...body, ...part } });
    return [status, json["detail"]];
  };
  expect(await wrong({ amount: { kind: "fixed", amount: "1,200" } })).toEqual([
    400,
    expect.stringContaining("1200.00"),
  ]);
  expect(await wrong({ filter: { dimension: "nope", is: "x" } })).toEqual([
    400,
    expect.stringContaining("no dimension"),
  ]);
  expect(await wrong({ periods: { grain: "custom", start: "2026-02-01", end: "2026-01-01" } })).toEqual([
    400,
    expect.stringContaining("is empty"),
  ]);
  expect(await wrong({ periods: { grain: "month", start: "2026-02-31" } })).toEqual([
    400,
    expect.stringContaining("2026-02-31"),
  ]);
  expect(await wrong({ links: [{ title: "x", url: "javascript:alert(1)" }] })).toEqual([
    400,
    expect.stringContaining("https://"),
  ]);
  expect(await statusOf("", { body: { ...body, parentId: "00000000-0000-7000-8000-000000000000" } })).toBe(404);
  expect(await statusOf("?cursor=x")).toBe(400);
});

it("looks over all budgets for who sees costs, and lets who makes budgets plan", async () => {
  const performance = await send("/performance?by=team", { key: reader });
  expect([performance.status, performance.json["isWhole"]]).toEqual([200, true]);
  expect(await statusOf("/performance?start=2026-13-01")).toBe(400);
  expect(await statusOf("/performance?start=2026-10-01&end=2026-01-01")).toBe(400);
  expect(await statusOf("/performance", { key: outsider })).toBe(403);
  const planner = await send("/planner");
  expect([planner.status, planner.json["fiscalYearStart"], planner.json["seesAll"]]).toEqual([200, 1, true]);
  expect(await statusOf("/planner", { key: reader })).toBe(403);
  for (const path of ["performance", "planner"]) expect((await door.send(`/api/v1/budgets/${path}`)).status).toBe(401);
});

it("copies and keeps templates, each with the status that it is told by", async () => {
  const bounded = { ...body, name: "Year 2026", periods: { ...body.periods, end: "2027-01-01" } };
  const made = await send("", { body: bounded });
  const id = String(made.json["id"]);
  const copies = await send("/copy/preview", { key: reader, body: { ids: [id] } });
  expect([copies.status, copies.json["copies"]]).toMatchObject([200, [{ name: "Year 2027", problem: null }]]);
  expect(await statusOf("/copy", { key: reader, body: { ids: [id] } })).toBe(403);
  expect(await statusOf("/copy", { body: { ids: [id] } })).toBe(201);
  expect(await statusOf("/copy", { body: { ids: [id] } })).toBe(409);
  expect(await statusOf("/copy", { body: { ids: ["gone"] } })).toBe(404);
  expect(await statusOf("/copy", { body: { ids: [id], percent: "a lot" } })).toBe(400);

  expect(await statusOf("/templates", { key: outsider })).toBe(403);
  const template = await send("/templates", { body: { name: "Ours", budgetId: id } });
  expect(template.status).toBe(201);
  const path = `/templates/${String(template.json["id"])}`;
  expect(await statusOf(`${path}/draft`, { key: reader, body: { currency: "USD" } })).toBe(200);
  expect(await statusOf(path, { method: "DELETE", key: reader })).toBe(403);
  expect(await statusOf(path, { method: "DELETE" })).toBe(204);
  expect(await statusOf(`${path}/draft`, { body: { currency: "USD" } })).toBe(404);

  expect(await statusOf(`/${id}/people`)).toBe(403);
});
