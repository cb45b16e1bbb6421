import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { createApi } from "@finops/api/app";
import { companyExportPool } from "@finops/capabilities/companies/index";
import { AppError } from "@finops/kernel/app-error";
import { systemClock } from "@finops/kernel/clock";
import { openDatabase, type Database } from "@finops/platform/db/database";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { startWorker } from "@finops/platform/jobs/worker";
import { createLog, silentLog } from "@finops/platform/observe/log";
import { inRequestScope } from "@finops/platform/observe/request-scope";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { observeCosts, watchDatabase } from "./observe-parts.ts";
import { type OpenedTelemetry, openTelemetry } from "./open-telemetry.ts";
import { openTelemetryOf, readTelemetry } from "./read-telemetry.ts";

interface KeyValue {
  key: string;
  value: { stringValue?: string; intValue?: string | number };
}
interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  attributes: KeyValue[];
  links?: { traceId: string; spanId: string }[];
}

let test: TestDatabase;
let collector: Server;
let opened: OpenedTelemetry;
let db: Database;
let root: string;
let store: DuckDBStore;
let tenantId: string;
let cookie: string;
const sent = new Map<string, unknown[]>();

beforeAll(async () => {
  collector = createServer((request, response) => {
    void json(request).then((body) => {
      sent.set(request.url!, [...(sent.get(request.url!) ?? []), body]);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const { port } = collector.address() as AddressInfo;
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${port}`);
  opened = await openTelemetry({ isSent: true, metrics: { port: 0, host: "127.0.0.1" }, tenants: "hash" }, "all");
  test = await createTestDatabase();
  db = openDatabase({ appUrl: test.appUrl, traceparent: opened.telemetry.traceparent });
  root = mkdtempSync(join(tmpdir(), "finops-telemetry-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  ({ id: tenantId } = await createTenant(db, { slug: "acme", name: "Acme" }));
  const userId = await ensureUser(db, { email: "ann@acme.example", name: "Ann" });
  await setMember(db, tenantId, userId, "owner");
  const { token } = await createSession(db, systemClock, { tenantId, userId, method: "test" });
  cookie = `__Host-finops_session=${token}`;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  collector.close();
  await store.close();
  await db.close();
  await test.drop();
  rmSync(root, { recursive: true, force: true });
});

it("shows a request, the work that it queued and its lines of log under one id, and figures for Prometheus", async () => {
  const { telemetry } = opened;
  const host = createTestHost({ db, telemetry });
  watchDatabase(db, telemetry, 10);
  const costs = observeCosts(store, telemetry, "DuckDB");
  const api = createApi({ host, store: costs, engine: null, isReady: () => Promise.resolve(true), local: null });
  const headers = { cookie, "x-finops-request": "1", "x-request-id": "request-of-ann" };
  const url = "http://localhost:3000/api/v1";
  expect((await api.request(`${url}/company/exports`, { method: "POST", headers })).status).toBe(202);
  expect((await api.request(`${url}/budgets/01a226a2-0000-7000-8000-000000000000`, { headers })).status).toBe(404);

  const waiting = await scrape();
  const queued = waiting.find(({ name, labels }) => name === "finops_queue_items" && labels.includes("company-export"));
  expect(queued).toMatchObject({ value: 1, labels: expect.stringContaining('state="queued"') as string });

  const log = createLog({
    destination: { write: () => undefined },
    fieldsNow: opened.logFields,
    alsoTo: opened.sendLog,
  });
  let hasWritten: () => void;
  const written = new Promise<void>((resolve) => (hasWritten = resolve));
  const handlers = {
    "company-export": () => {
      log.info("writing");
      hasWritten();
      return Promise.resolve({});
    },
  };
  const worker = await startWorker({ db, log: silentLog, telemetry, name: "test", pool: companyExportPool, handlers });
  await written;
  await worker.stop();

  const names = new Set((await scrape()).map(({ name }) => name));
  for (const name of ["finops_request_seconds_bucket", "finops_work_seconds_count", "finops_database_transactions"])
    expect(names).toContain(name);
  await opened.close();

  const spans = spansSent();
  const asked = spans.find(({ name }) => name === "POST /api/v1/company/exports")!;
  const work = spans.find(({ name }) => name === "work company-export")!;
  expect([textOf(asked, "request_id"), textOf(work, "request_id")]).toEqual(["request-of-ann", "request-of-ann"]);
  expect(work.links).toMatchObject([{ traceId: asked.traceId, spanId: asked.spanId }]);
  expect(spans.map(({ name }) => name)).toContain("GET /api/v1/budgets/{id}");
  // Neither who nor which company, nor what was asked for.
  expect(textOf(asked, "tenant")).toMatch(/^[\da-f]{16}$/);
  expect(JSON.stringify([...sent.values()])).not.toMatch(new RegExp(`ann@acme|${tenantId}|01a226a2-0000`));
  const lines = JSON.stringify(sent.get("/v1/logs"));
  expect([lines.includes("writing"), lines.includes(work.traceId), lines.includes("request-of-ann")]).toEqual([
    true,
    true,
    true,
  ]);
  expect(sent.has("/v1/metrics")).toBe(true);
});

it("marks every statement with its request, whatever a route is called", async () => {
  const hostile = "x'; drop table tenant; */ select 1 --";
  const [row] = await inRequestScope({ requestId: "request-of-ann", route: hostile }, () =>
    db.inTenant(
      tenantId,
      (tx) => tx.$queryRaw<{ query: string }[]>`select query from pg_stat_activity where pid = pg_backend_pid()`,
    ),
  );
  expect(row!.query).toMatch(/\/\*request_id='request-of-ann',route='x\\'%3B%20drop%20table[^']+'\*\/$/);
  expect(row!.query).not.toMatch(/\*\/./);
});

it("loads nothing where nobody looks, and refuses what cannot be", async () => {
  expect(await openTelemetryOf({})).toBeNull();
  expect(readTelemetry({ FINOPS_METRICS_PORT: "9464" })).toEqual({
    isSent: false,
    metrics: { port: 9464, host: "127.0.0.1" },
    tenants: "hash",
  });
  for (const env of [
    { FINOPS_METRICS_PORT: "99999" },
    { FINOPS_METRICS_PORT: "3000" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
    { FINOPS_TELEMETRY_TENANTS: "name" },
  ])
    expect(() => readTelemetry(env)).toThrow(AppError);
});

/** The figures that Prometheus would read; fails for a line that its format does not know. */
async function scrape(): Promise<{ name: string; labels: string; value: number }[]> {
  const text = await (await fetch(opened.metricsUrl!)).text();
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const found = /^([a-z_:][\w:]*)(\{.*\})? (-?[\d.e+]+|\+Inf|NaN)( \d+)?$/i.exec(line);
      if (found === null) throw new Error(`Not a figure of Prometheus: ${line}`);
      return { name: found[1]!, labels: found[2] ?? "", value: Number(found[3]) };
    });
}

function spansSent(): SentSpan[] {
  const bodies = (sent.get("/v1/traces") ?? []) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] }[];
  return bodies.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

function textOf({ attributes }: SentSpan, name: string): string | undefined {
  return attributes.find(({ key }) => key === name)?.value.stringValue;
}
