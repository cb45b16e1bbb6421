import { createApi } from "@finops/api/app";
import { createEngineParts } from "@finops/api/engine-parts";
import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import type { Context } from "@finops/platform/tenancy/context";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

/** What people see of costs over HTTP when their access is limited, as each request finds it anew. */

let test: TestPipeline;
let api: ReturnType<typeof createApi>;
let company: Context;
let [owner, viewer] = ["", ""];
let viewerId = "";
let now = new Date("2026-05-20T12:00:00Z");
const clock: Clock = { now: () => now, today: () => now.toISOString().slice(0, 10) };

const web = { dimension: "tag:team", is: "web" };
const data = { dimension: "tag:team", is: "data" };
const period = { start: "2000-01-01", end: "2100-01-01" };
const figure = { measure: "billedCost", period, currency: "USD" };

beforeAll(async () => {
  test = await createTestPipeline();
  company = await test.company();
  const charge = (BilledCost: string, ServiceName: string, Tags: object, SubAccountId: string) => ({
    BilledCost,
    ServiceName,
    SubAccountId,
    Tags: JSON.stringify(Tags),
  });
  await test.importOne(company, {
    "may.csv": focusBill([
      charge("1.5", "Mail", { team: "web" }, "1"),
      charge("2", "Queue", { team: "web" }, "2"),
      charge("100", "Secret", { team: "data", project: "apollo" }, "3"),
      charge("1000", "Hidden", {}, "4"),
    ]),
  });
  api = createApi({
    host: { ...test.host, clock },
    store: test.store,
    engine: createEngineParts(test),
    isReady: () => Promise.resolve(true),
    local: null,
  });
  owner = (await signIn("owner@acme.example", "owner")).cookie;
});
afterAll(() => test.close());

beforeEach(async () => {
  now = new Date("2026-05-20T12:00:00Z");
  const someone = await signIn(`${newId()}@acme.example`, "viewer");
  [viewer, viewerId] = [someone.cookie, someone.id];
  await ask(owner, "PATCH", `/members/${viewerId}`, { scope: web });
});

async function signIn(email: string, role: string): Promise<{ id: string; cookie: string }> {
  const id = await ensureUser(test.host.db, { email, name: email.split("@")[0]! });
  await setMember(test.host.db, company.tenantId, id, role);
  const { token } = await createSession(test.host.db, clock, {
    tenantId: company.tenantId,
    userId: id,
    method: "link",
    // Days go by in here.
    isRemembered: true,
  });
  return { id, cookie: `__Host-finops_session=${token}` };
}

async function send(
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  return api.request(`/api/v1${path}`, {
    method,
    headers: { cookie, "x-finops-request": "1", ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
async function ask<T>(cookie: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await send(cookie, method, path, body);
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return (await answer.json()) as T;
}

interface Answer {
  totals: { values: Record<string, { value: string }> }[];
  meta: { isScoped: boolean };
}
const question = { measures: ["billedCost", "rowCount"], period };
async function total(cookie: string, more: object = {}) {
  const { totals, meta } = await ask<Answer>(cookie, "POST", "/cost/query", { ...question, ...more });
  return [totals[0]?.values["billedCost"]!.value, totals[0]?.values["rowCount"]!.value, meta.isScoped];
}

describe("a viewer who is limited to one team", () => {
  it("sees that team's cost only, and is told so", async () => {
    expect(await total(owner)).toEqual(["1103.5", "4", false]);
    expect(await total(viewer)).toEqual(["3.5", "2", true]);
  });

  it("does not get around it by a filter", async () => {
    for (const filter of [data, { or: [data, { not: data }] }, { not: { and: [] } }])
      expect((await total(viewer, { filter }))[0] ?? "0").not.toContain("10");
    expect((await total(viewer, { filter: { or: [data, { not: data }] } }))[0]).toBe("3.5");
  });

  it("finds no other rows, in any order", async () => {
    for (const orderBy of [undefined, { by: "billedCost", direction: "desc" }]) {
      const columns = ["serviceName", "billedCost"];
      const body = { period, columns, ...(orderBy === undefined ? {} : { orderBy }) };
      const { rows, meta } = await ask<{ rows: { serviceName: string }[]; meta: Answer["meta"] }>(
        viewer,
        "POST",
        "/cost/rows",
        body,
      );
      expect([rows.map((row) => row.serviceName).toSorted(), meta.isScoped]).toEqual([["Mail", "Queue"], true]);
    }
  });

  it("is offered no other values, keys or counts", async () => {
    const values = (name: string) =>
      ask<{ values: { value: string }[]; total: number; meta: Answer["meta"] }>(
        viewer,
        "GET",
        `/cost/dimensions/${name}/values?start=${period.start}&end=${period.end}`,
      );
    const services = await values("serviceName");
    expect([services.values.map(({ value }) => value).toSorted(), services.total, services.meta.isScoped]).toEqual([
      ["Mail", "Queue"],
      2,
      true,
    ]);
    expect((await values("tagKey")).values.map(({ value }) => value)).toEqual(["team"]);
    expect((await ask<{ tagKeys: string[] }>(viewer, "GET", "/cost/catalog")).tagKeys).toEqual(["team"]);
    expect((await ask<{ tagKeys: string[] }>(owner, "GET", "/cost/catalog")).tagKeys.toSorted()).toEqual([
      "project",
      "team",
    ]);
  });

  it("proves figures of that team, without the totals of whole bills", async () => {
    const proof = await ask<{ figure: { value: string }; rows: number; isScoped: boolean }>(
      viewer,
      "POST",
      "/proof",
      figure,
    );
    expect([proof.figure.value, proof.rows, proof.isScoped]).toEqual(["3.5", 2, true]);
    expect(JSON.stringify(proof)).not.toContain("1103");
  });

  it("hears nothing of whole bills, people and grants", async () => {
    for (const path of ["/imports", "/datasets", "/members", "/grants", "/access/who-can?permission=costs:read"])
      expect([path, (await send(viewer, "GET", path)).status]).toEqual([path, 403]);
  });

  it("is answered from no answer of others, nor told that theirs still holds", async () => {
    const all = await send(owner, "POST", "/cost/query", question);
    const tag = all.headers.get("etag")!;
    const part = await send(viewer, "POST", "/cost/query", question, { "if-none-match": tag });
    expect([part.status, part.headers.get("etag") === tag]).toEqual([200, false]);
  });
});

it("exports what both permissions reach, and says so", async () => {
  const body = {
    what: { kind: "rows", query: { period, columns: ["serviceName"] } },
    format: "csv",
  };
  expect((await send(viewer, "POST", "/export", body)).status).toBe(403);
  const read = async (cookie: string) => {
    const file = await send(cookie, "POST", "/export", body);
    return [file.headers.get("x-finops-scoped"), (await file.text()).trim().split("\n").slice(1).toSorted()];
  };
  expect(await read(owner)).toEqual(["false", ["Hidden", "Mail", "Queue", "Secret"]]);

  await ask(owner, "PATCH", `/members/${viewerId}`, { role: "finance", scope: web });
  expect(await read(viewer)).toEqual(["true", ["Mail", "Queue"]]);

  // Sees everything, and exports one team.
  await ask(owner, "PATCH", `/members/${viewerId}`, { role: "viewer", scope: null });
  await ask(owner, "POST", "/grants", { subject: { kind: "person", id: viewerId }, role: "finance", scope: data });
  expect((await total(viewer))[0]).toBe("1103.5");
  expect(await read(viewer)).toEqual(["true", ["Secret"]]);
});

it("keeps a report's run for those who see all that it tells", async () => {
  const view = { measures: ["billedCost"], groupBy: [], period: { preset: "all" }, comparison: "none" };
  const report = {
    name: "May",
    items: [{ id: "a", kind: "figure", title: "Billed", view }],
    sharing: { with: "company" },
  };
  const { id } = await ask<{ id: string }>(owner, "POST", "/reports", report);
  const run = (cookie: string) => ask<{ number: number; isScoped: boolean }>(cookie, "POST", `/reports/${id}/runs`);
  const seen = async (cookie: string) =>
    (await ask<{ runs: { number: number; isScoped: boolean }[] }>(cookie, "GET", `/reports/${id}/runs`)).runs.map(
      ({ number, isScoped }) => [number, isScoped],
    );
  const [all, part] = [await run(owner), await run(viewer)];
  expect([all.isScoped, part.isScoped]).toEqual([false, true]);
  expect(JSON.stringify(part)).not.toContain("1103");
  expect(await seen(owner)).toEqual([
    [2, true],
    [1, false],
  ]);
  expect(await seen(viewer)).toEqual([[2, true]]);
  expect((await send(viewer, "GET", `/reports/${id}/runs/1`)).status).toBe(404);

  await ask(owner, "PATCH", `/members/${viewerId}`, { scope: data });
  expect(await seen(viewer)).toEqual([]);
  await ask(owner, "PATCH", `/members/${viewerId}`, { scope: { or: [data, web] } });
  expect(await seen(viewer)).toEqual([[2, true]]);
});

describe("the next request", () => {
  it("sees nothing more of a grant that was revoked", async () => {
    const { id } = await ask<{ id: string }>(owner, "POST", "/grants", {
      subject: { kind: "person", id: viewerId },
      role: "viewer",
      scope: data,
    });
    expect((await total(viewer))[0]).toBe("103.5");
    expect((await send(owner, "DELETE", `/grants/${id}`)).status).toBe(204);
    expect((await total(viewer))[0]).toBe("3.5");
  });

  it("sees nothing more of a grant whose time is over", async () => {
    await ask(owner, "POST", "/grants", {
      subject: { kind: "person", id: viewerId },
      role: "viewer",
      validUntil: "2026-05-20T13:00:00Z",
    });
    expect(await total(viewer)).toEqual(["1103.5", "4", false]);
    now = new Date("2026-05-20T13:00:00Z");
    expect(await total(viewer)).toEqual(["3.5", "2", true]);
  });

  it("sees a unit's accounts by a role in a unit above it", async () => {
    const top = await ask<{ id: string }>(owner, "POST", "/units", { name: "Top", kind: "department" });
    const team = await ask<{ id: string }>(owner, "POST", "/units", { name: "Team", kind: "team", parentId: top.id });
    await ask(owner, "PUT", `/units/${team.id}/accounts`, { accounts: ["4"] });
    const subject = { kind: "person", id: viewerId };
    const { id } = await ask<{ id: string }>(owner, "POST", "/grants", { subject, role: "viewer", unitId: top.id });
    expect((await total(viewer))[0]).toBe("1003.5");
    await ask(owner, "PUT", `/units/${team.id}/accounts`, { accounts: [] });
    expect((await total(viewer))[0]).toBe("3.5");
    expect((await send(owner, "DELETE", `/grants/${id}`)).status).toBe(204);
  });

  it("is not answered what its Idempotency-Key was answered when the sender saw more", async () => {
    await ask(owner, "PATCH", `/members/${viewerId}`, { scope: null });
    const view = { measures: ["billedCost"], groupBy: [], period: { preset: "all" }, comparison: "none" };
    const items = [{ id: "a", kind: "figure", title: "Billed", view }];
    const { id } = await ask<{ id: string }>(viewer, "POST", "/reports", { name: "Mine", items });
    const run = () => send(viewer, "POST", `/reports/${id}/runs`, undefined, { "idempotency-key": "once" });
    expect((await run()).status).toBe(201);
    await ask(owner, "PATCH", `/members/${viewerId}`, { scope: web });
    expect((await run()).status).toBe(409);
  });

  it("of somebody who was removed is answered to nobody", async () => {
    expect((await send(owner, "DELETE", `/members/${viewerId}`)).status).toBe(204);
    expect((await send(viewer, "POST", "/cost/query", question)).status).toBe(401);
  });
});

it("says who may do what over HTTP, to who checks it and of oneself", async () => {
  const who = await ask<{ subjects: { id: string; scope: unknown }[] }>(
    owner,
    "GET",
    "/access/who-can?permission=costs:read",
  );
  expect(who.subjects.find(({ id }) => id === viewerId)?.scope).toEqual(web);
  const own = await ask<{ permissions: { permission: string; scope: unknown }[] }>(
    viewer,
    "GET",
    `/access/what-can?person=${viewerId}`,
  );
  expect(own.permissions.map(({ permission, scope }) => [permission, scope])).toEqual([
    ["costs:read", web],
    ["alerts:read", web],
  ]);
  expect((await send(owner, "GET", "/access/who-can?permission=nothing")).status).toBe(400);
});

it("invites by mail, without the link in the answer", async () => {
  const answer = await send(owner, "POST", "/invitations", { email: "new@acme.example", role: "viewer", scope: web });
  const text = await answer.text();
  expect([answer.status, text.includes("sign-in")]).toEqual([201, false]);
});
