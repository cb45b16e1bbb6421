import type { AppEnv } from "@finops/platform/http/app-env";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Printer } from "@finops/capabilities/schedules/index";
import type { Exporter } from "@finops/capabilities/exports/index";
import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createApi } from "./app.ts";
import { engineRoutes, type HandedOn } from "./engine-behind.ts";
import { describeApi } from "./openapi-document.ts";
import { createTestDoor, type TestDoor } from "./testing/test-door.ts";

/** The host in front, and the process behind it on the same database. */
let front: TestDoor;
let behind: OpenAPIHono<AppEnv>;
let acme: Context;
let cookie: string;
let handed: HandedOn[] = [];
/** What was exported, and for whom. */
let exported: Pick<Context, "tenantId" | "actor" | "address">[] = [];
let isAway = false;

const exporter: Exporter = {
  download(ctx) {
    exported.push(ctx);
    const body = new Response("Service,Cost\n").body!;
    return Promise.resolve({
      fileName: "costs.csv",
      contentType: "text/csv",
      bytes: 13,
      rows: 0,
      isScoped: false,
      body,
    });
  },
};
const printer = {} as Printer;
const asked = {
  what: { kind: "focus", query: { period: { start: "2026-05-01", end: "2026-06-01" } } },
  format: "parquet",
};

beforeAll(async () => {
  front = await createTestDoor(
    {
      engineBehind: async (request) => {
        handed.push(request);
        if (isAway) throw new TypeError("Network connection lost.");
        return send(request);
      },
    },
    "https://finops.example",
  );
  behind = createApi({
    host: front.host,
    store: null!,
    engine: { exporter, printer },
    isReady: () => Promise.resolve(true),
    local: null,
    addressOf: () => "10.0.0.1",
  });
  acme = await front.makeCompany("acme");
  cookie = await front.signIn(acme, await front.makePerson(acme, "Ann", "owner"));
});
beforeEach(() => {
  [handed, exported, isAway] = [[], [], false];
});
afterAll(() => front.close());

/** As it reaches the process behind, at an address that is that process's own. */
async function send({ path, method, headers, body }: HandedOn): Promise<Response> {
  const sent = body === null ? null : await new Response(body).text();
  return behind.request(`http://node.internal${path}`, { method, headers, body: sent });
}

const changed = (text: string) => `${text.slice(0, -9)}${text.at(-9) === "A" ? "B" : "A"}${text.slice(-8)}`;

const exportFrom = (origin: string, headers: Record<string, string> = {}) =>
  front.send(`${origin}/api/v1/export`, { body: asked, cookie, address: "192.0.2.7", headers });

it("is asked for a file by the same session, from the same address, and on the company's own host", async () => {
  const answer = await exportFrom("https://acme.finops.example", { origin: "https://acme.finops.example" });
  expect([answer.status, answer.text, answer.headers.get("x-finops-rows")]).toEqual([200, "Service,Cost\n", "0"]);
  expect(exported).toMatchObject([{ tenantId: acme.tenantId, actor: { name: "Ann" }, address: "192.0.2.7" }]);
  expect(handed[0]!.headers.get("x-request-id")).toBe(answer.headers.get("x-request-id"));
  // A session of one company is nothing on the host name of another.
  expect((await exportFrom("https://beta.finops.example")).status).toBe(401);
});

it("refuses what another site's page asks for, by the host that the browser sees", async () => {
  const of = (origin: string) => exportFrom("https://acme.finops.example", { origin });
  expect([(await of("https://evil.example")).status, (await of("http://node.internal")).status]).toEqual([403, 403]);
});

it("hears nothing of the way but what is sealed", async () => {
  const forged = { "x-forwarded-for": "203.0.113.9", "x-forwarded-host": "beta.finops.example", "cf-ray": "1" };
  expect((await exportFrom("https://acme.finops.example", forged)).status).toBe(200);
  expect(exported[0]!.address).toBe("192.0.2.7");
  for (const name of Object.keys(forged)) expect(handed[0]!.headers.has(name)).toBe(false);
});

it("believes no way that was made up, was sealed for another request, or is old", async () => {
  await exportFrom("https://acme.finops.example");
  const [{ headers }] = handed as [HandedOn];
  const status = async (path: string, way: string) => {
    const sent = new Headers(headers);
    sent.set("x-finops-way", way);
    return (
      await behind.request(`http://node.internal${path}`, {
        method: "POST",
        headers: sent,
        body: JSON.stringify(asked),
      })
    ).status;
  };
  const way = headers.get("x-finops-way")!;
  expect(await status("/api/v1/export", way)).toBe(200);
  expect(await status("/api/v1/export", changed(way))).toBe(403);
  expect(await status("/api/v1/export", "made up")).toBe(403);
  expect(await status("/api/v1/export?again", way)).toBe(403);
  front.pass(3);
  expect(await status("/api/v1/export", way)).toBe(403);
});

it("is told of as what does not answer, when it does not", async () => {
  isAway = true;
  const { status, json } = await exportFrom("https://acme.finops.example");
  expect([status, json["code"], json["detail"]]).toEqual([502, "upstream", expect.stringContaining("Try again")]);
});

it("has every route that is there with an engine alone, or says without one that it is not offered", async () => {
  const { host } = front;
  const isReady = () => Promise.resolve(true);
  const pathsOf = (engine: Parameters<typeof createApi>[0]["engine"]) => {
    const { paths } = describeApi(createApi({ host, store: null!, engine, isReady, local: null }));
    return Object.entries(paths!).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
  };
  const without = new Set(pathsOf(null));
  const optional = pathsOf({ exporter, printer }).filter((route) => !without.has(route));
  // What looks into bills is there on every host.
  const refusing = [
    "GET /api/v1/datasets/rollback-preview",
    "GET /api/v1/datasets/versions/{id}/rejects",
    "POST /api/v1/imports/{id}/detect",
  ];
  const handedOn = engineRoutes.map(([method, path]) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect(handedOn.toSorted()).toEqual([...optional, ...refusing].toSorted());
});
