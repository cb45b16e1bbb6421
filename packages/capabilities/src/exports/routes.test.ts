import { AppError, errorStatus } from "@finops/kernel/app-error";
import type { AppEnv } from "@finops/platform/http/app-env";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exportRoutes } from "./routes.ts";
import { createExporter } from "./service.ts";

let test: TestPipeline;
let ctx: Context;
beforeAll(async () => {
  test = await createTestPipeline();
  ctx = await test.company();
  await test.importOne(ctx, { "bill.csv": focusBill([{ BilledCost: "1.10" }]) });
});
afterAll(() => test.close());

const period = { start: "2000-01-01", end: "2100-01-01" };
const rows = { what: { kind: "rows", query: { period, columns: ["billedCost"] } }, format: "csv" };

function send(body: unknown, who: Context = ctx) {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set("ctx", who);
    await next();
  });
  app.route("/", exportRoutes(createExporter(test)));
  app.onError((error, c) =>
    c.json({ detail: error.message }, error instanceof AppError ? (errorStatus[error.code].http as 400) : 500),
  );
  return app.request("/export", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

it("answers with the file, its name in any letters, and the number of its rows", async () => {
  const answer = await send({ ...rows, fileName: 'Zürich "Q4"/1' });
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/csv; charset=utf-8",
    "content-length": "15",
    "x-finops-rows": "1",
    "content-disposition": `attachment; filename="Z_rich _Q4_-1.csv"; filename*=UTF-8''Z%C3%BCrich%20%22Q4%22-1.csv`,
  });
  expect(await answer.text()).toBe("billedCost\n1.1\n");
});

it.each([
  ["an unknown kind", { ...rows, what: { kind: "all" } }],
  ["an unknown format", { ...rows, format: "pdf" }],
  ["a page", { ...rows, what: { kind: "rows", query: { period, limit: 5 } } }],
  ["FOCUS as a workbook", { what: { kind: "focus", query: { period } }, format: "xlsx" }],
  ["a measure that does not exist", { what: { kind: "query", query: { period, measures: ["price"] } }, format: "csv" }],
])("refuses %s", async (_, body) => {
  expect((await send(body)).status).toBe(400);
});

it("is closed to who may not export", async () => {
  const reader = createContext(test.host, {
    tenantId: ctx.tenantId,
    actor: ctx.actor,
    via: ctx.via,
    permissions: ["costs:read"],
  });
  expect((await send(rows, reader)).status).toBe(403);
});
