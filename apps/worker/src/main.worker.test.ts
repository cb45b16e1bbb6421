import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { systemClock } from "@finops/kernel/clock";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import type { Context } from "@finops/platform/tenancy/context";
import { createInlineEngine } from "@finops/pipeline/engine/engine-runner";
import { openCostsBehind } from "@finops/pipeline/testing/clickhouse-costs";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { startClickHouseFace } from "@finops/warehouse/testing/clickhouse-face";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type StartedWorker, startWorker } from "./testing/started-worker.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 120_000 });

let test: TestPipeline;
let worker: StartedWorker;
let mails: Server;
const sent: { to: string[]; text: string }[] = [];
let acme: Context;
let beta: Context;
let ann: string;
let bob: string;

beforeAll(async () => {
  mails = createServer((request, answer) => {
    void json(request).then((mail) => {
      sent.push(mail as (typeof sent)[number]);
      answer.end("{}");
    });
  });
  await new Promise<void>((resolve) => mails.listen(0, "127.0.0.1", resolve));
  const face = await startClickHouseFace();
  const makeEngine = (tempDir: string) => createInlineEngine({ tempDir, threads: 1, memoryMb: 512 });
  test = await createTestPipeline(makeEngine, openCostsBehind(face));
  [acme, beta] = [await test.company(), await test.company()];
  await test.importFiles(acme, {
    "may.csv": focusBill([{ BilledCost: "0.1" }, { BilledCost: "1234567890.00000000012345678901234567" }]),
  });
  await test.importFiles(beta, { "may.csv": focusBill([{ BilledCost: "7" }]) });
  worker = await startWorker({
    appUrl: test.database.appUrl,
    clickHouseUrl: face.url,
    mailUrl: `http://127.0.0.1:${(mails.address() as AddressInfo).port}`,
  });
  [ann, bob] = [await signIn(acme, "ann"), await signIn(beta, "bob")];
});
afterAll(async () => {
  await worker?.stop();
  await test?.close();
  mails?.close();
});

/** Signs an owner in by a link, and returns the Cookie header. */
async function signIn({ tenantId }: Context, name: string): Promise<string> {
  const { db } = test.database;
  const userId = await ensureUser(db, { email: `${name}@example.com`, name });
  await setMember(db, tenantId, userId, "owner");
  const { token } = await createSignInLink(db, systemClock, { tenantId, userId }, { kind: "terminal" });
  const answer = await fetch(`${worker.url}/sign-in/${token}`, { redirect: "manual" });
  return answer.headers.get("set-cookie")!.split(";")[0]!;
}

function ask(cookie: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${worker.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { cookie, "x-finops-request": "1", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
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
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => ask(index % 2 === 0 ? ann : bob, "/api/v1/datasets")),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
});
