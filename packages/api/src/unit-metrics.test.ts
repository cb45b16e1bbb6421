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
  maker = await key("costs:read", "metrics:write");
  reader = await key("costs:read");
  outsider = await key("sources:read");
});
afterAll(() => door.close());

const body = { name: "Orders", unitOne: "order", unitMany: "orders", aggregation: "total" };
const send = (path: string, sent: Sent = {}) => door.send(`/api/v1/unit-metrics${path}`, { key: maker, ...sent });
const statusOf = async (path: string, sent: Sent = {}) => (await send(path, sent)).status;

it("makes, values, changes and deletes a unit metric, each with the status that it is told by", async () => {
  const made = await send("", { body });
  expect(made.status).toBe(201);
  const id = String(made.json["id"]);
  expect(await statusOf("", { body })).toBe(409);
  const values = [{ month: "2026-10", quantity: "12000", kind: "actual" }];
  expect(await statusOf(`/${id}/values`, { method: "PUT", body: { version: 1, values } })).toBe(200);
  expect(await statusOf(`/${id}/values`, { method: "PUT", body: { version: 1, values } })).toBe(409);
  expect(await statusOf(`/${id}/values`, { method: "PUT", key: reader, body: { version: 2, values } })).toBe(403);
  for (const part of ["", "/values", "/costs"]) expect(await statusOf(`/${id}${part}`, { key: reader })).toBe(200);
  expect(await statusOf(`/${id}/costs?first=2026-13`)).toBe(400);
  const change = { ...body, name: "All orders", version: 2 };
  expect(await statusOf(`/${id}`, { method: "PUT", body: change })).toBe(200);
  expect((await send("", { key: reader })).json["metrics"]).toMatchObject([
    { name: "All orders", latest: { month: "2026-10", quantity: "12000" }, mayChange: false },
  ]);
  expect(await statusOf(`/${id}?version=3`, { method: "DELETE", key: reader })).toBe(403);
  expect(await statusOf(`/${id}?version=3`, { method: "DELETE" })).toBe(200);
  for (const part of ["", "/values", "/costs"]) expect(await statusOf(`/${id}${part}`)).toBe(404);
});

it("reads pasted values without keeping them, and refuses in words what is none", async () => {
  const read = await send("/read-values", { key: reader, body: { text: "2026-10;12OO", kind: "actual" } });
  expect([read.status, read.json["problems"]]).toMatchObject([200, [{ row: 1 }]]);
  expect((await door.send("/api/v1/unit-metrics")).status).toBe(401);
  expect(await statusOf("", { key: outsider })).toBe(403);
  expect(await statusOf("", { key: reader, body })).toBe(403);
  const wrong = async (part: object) => {
    const { status, json } = await send("", { body: { ...body, ...part } });
    return [status, json["detail"]];
  };
  expect(await wrong({ name: " " })).toEqual([400, expect.stringContaining("Give it a name.")]);
  expect(await wrong({ filter: { dimension: "nope", is: "x" } })).toEqual([
    400,
    expect.stringContaining("no dimension"),
  ]);
  expect(await wrong({ aggregation: "sum" })).toEqual([400, expect.stringContaining("total")]);
});
