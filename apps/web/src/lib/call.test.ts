import { afterEach, expect, it, vi } from "vitest";
import { call } from "./call.ts";

afterEach(() => vi.unstubAllGlobals());

it("fills the path and the address of an operation, and sends its body", async () => {
  const asked: [string, RequestInit][] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push([path, init]);
    return Promise.resolve(new Response("{}", { headers: { "content-type": "application/json" } }));
  });
  const period = { start: "2026-10-01", end: "2026-11-01" };
  await call("GET /api/v1/cost/dimensions/{name}/values", {
    params: { name: "tag:team/a" },
    query: { ...period, limit: 5 },
  });
  await call("POST /api/v1/cost/query", { body: { measures: ["billedCost"], period } });
  expect(asked.map(([path]) => path)).toEqual([
    "/api/v1/cost/dimensions/tag%3Ateam%2Fa/values?start=2026-10-01&end=2026-11-01&limit=5",
    "/api/v1/cost/query",
  ]);
  expect(JSON.parse(asked[1]![1].body as string)).toEqual({ measures: ["billedCost"], period });
});
