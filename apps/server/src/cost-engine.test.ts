import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import { createInlineEngine } from "@finops/pipeline/engine/engine-runner";
import { startClickHouseFace } from "@finops/warehouse/testing/clickhouse-face";
import { openCostEngine } from "./cost-engine.ts";
import { costEngineName } from "./process-settings.ts";

const root = mkdtempSync(join(tmpdir(), "finops-cost-engine-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open = (env: NodeJS.ProcessEnv) =>
  openCostEngine(env, { warehouseDir: root, workDir: root, engine: createInlineEngine({ tempDir: root }) });

it("is DuckDB where nothing else is named", async () => {
  expect(costEngineName({})).toBe("DuckDB");
  const costs = await open({ FINOPS_CLICKHOUSE_URL: "" });
  expect(costs.periods.nameOf("2026-05-01", 17n)).toBe("2026-05-17.duckdb");
  await costs.close();
});

it("is ClickHouse where its address is named, with its tables made", async () => {
  const face = await startClickHouseFace();
  const env = { FINOPS_CLICKHOUSE_URL: face.url, FINOPS_CLICKHOUSE_ROW_POLICIES: "configured" };
  expect(costEngineName(env)).toBe("ClickHouse");
  // A second start finds them.
  for (let start = 0; start < 2; start += 1) {
    const costs = await open(env);
    expect(costs.periods.nameOf("2026-05-01", 17n)).toBe("2026-05-17");
    expect([await costs.periods.list(newId()), await costs.periods.listCompanies()]).toEqual([[], []]);
    await costs.close();
  }
  await face.close();
});

it("says so when ClickHouse does not answer, and when its address is none of it", async () => {
  await expect(open({ FINOPS_CLICKHOUSE_URL: "http://127.0.0.1:9/finops" })).rejects.toMatchObject({
    code: "upstream",
  });
  await expect(open({ FINOPS_CLICKHOUSE_URL: "http://localhost/x-y" })).rejects.toMatchObject({ code: "invalid" });
});
