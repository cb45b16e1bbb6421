import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { cruiseLayers } from "./cruise-layers.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Lays out the files in an empty repository and names the rules that they break. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  const baseDir = mkdtempSync(join(tmpdir(), "layers-"));
  folders.push(baseDir);
  for (const root of ["shared", "packages", "apps"]) mkdirSync(join(baseDir, root));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(baseDir, path)), { recursive: true });
    writeFileSync(join(baseDir, path), text);
  }
  const report = await cruiseLayers(baseDir);
  expect(report.unseen).toEqual([]);
  return [...new Set(report.violations.map((violation) => violation.rule))].toSorted();
}

const value = "export const value = 1;\n";

it("lets a layer import the ones below it", async () => {
  const rules = await brokenRules({
    "shared/kernel/src/money.ts": value,
    "packages/platform/src/host.ts": `import { value } from "../../../shared/kernel/src/money.ts";\nexport const host = value;\n`,
    "packages/api/src/app.ts": `import { host } from "../../platform/src/host.ts";\nexport const app = host;\n`,
  });
  expect(rules).toEqual([]);
});

it("refuses an import upward", async () => {
  const rules = await brokenRules({
    "packages/api/src/app.ts": value,
    "packages/platform/src/host.ts": `import { value } from "../../api/src/app.ts";\nexport const host = value;\n`,
    "shared/kernel/src/money.ts": `import { host } from "../../../packages/platform/src/host.ts";\nexport const money = host;\n`,
  });
  expect(rules).toEqual(["platform-imports-only-below", "shared-imports-only-shared"]);
});

it("refuses a cycle, unless an import of it is of types alone", async () => {
  const rules = await brokenRules({
    "packages/pipeline/src/run.ts": `import { other } from "./other.ts";\nexport const run = () => other;\n`,
    "packages/pipeline/src/other.ts": `import { run } from "./run.ts";\nexport const other = () => run;\n`,
  });
  expect(rules).toEqual(["no-cycle"]);
  const ofTypes = await brokenRules({
    "packages/pipeline/src/run.ts": `import { other } from "./other.ts";\nexport type Run = typeof other;\n`,
    "packages/pipeline/src/other.ts": `import type { Run } from "./run.ts";\nexport const other = (run: Run) => run;\n`,
  });
  expect(ofTypes).toEqual([]);
});

it("refuses a type imported upward", async () => {
  const rules = await brokenRules({
    "packages/pipeline/src/run.ts": "export type Run = 1;\n",
    "packages/warehouse/src/plan.ts": `import type { Run } from "../../pipeline/src/run.ts";\nexport type Plan = Run;\n`,
  });
  expect(rules).toEqual(["warehouse-imports-only-below"]);
});

it("keeps a connector from its siblings", async () => {
  const rules = await brokenRules({
    "packages/connectors/src/aws/client.ts": value,
    "packages/connectors/src/gcp/client.ts": `import { value } from "../aws/client.ts";\nexport const gcp = value;\n`,
  });
  expect(rules).toEqual(["connector-imports-no-sibling"]);
});

it("lets the browser have contracts and the API's types, and nothing else of the packages", async () => {
  const rules = await brokenRules({
    "packages/api/src/app.ts": "export type App = 1;\nexport const app = 1;\n",
    "packages/capabilities/src/budgets/contract.ts": value,
    "packages/capabilities/src/budgets/store.ts": value,
    "apps/web/src/fine.ts": `import type { App } from "../../../packages/api/src/app.ts";\nimport { value } from "../../../packages/capabilities/src/budgets/contract.ts";\nexport const fine: App = value as App;\n`,
    "apps/web/src/code-of-api.ts": `import { app } from "../../../packages/api/src/app.ts";\nexport const used = app;\n`,
    "apps/web/src/store.ts": `import { value } from "../../../packages/capabilities/src/budgets/store.ts";\nexport const used = value;\n`,
  });
  expect(rules).toEqual(["web-imports-only-its-own", "web-takes-only-types-of-api"]);
});

it("keeps web features apart", async () => {
  const rules = await brokenRules({
    "apps/web/src/features/budgets/page.tsx": value,
    "apps/web/src/features/alerts/page.tsx": `import { value } from "../budgets/page.tsx";\nexport const page = value;\n`,
  });
  expect(rules).toEqual(["web-features-stand-alone"]);
});

it("finds input and output behind a contract, even two files away", async () => {
  const rules = await brokenRules({
    "packages/capabilities/src/budgets/contract.ts": `import { limit } from "./limit.ts";\nexport const contract = limit;\n`,
    "packages/capabilities/src/budgets/limit.ts": `import { readFileSync } from "node:fs";\nexport const limit = readFileSync;\n`,
  });
  expect(rules).toEqual(["contract-does-no-io", "pure-file-does-no-io"]);
});

it("lets another capability in by index.ts only", async () => {
  const rules = await brokenRules({
    "packages/capabilities/src/budgets/index.ts": value,
    "packages/capabilities/src/budgets/budget.ts": value,
    "packages/capabilities/src/alerts/alert.ts": `import { value } from "../budgets/budget.ts";\nexport const alert = value;\n`,
    "packages/capabilities/src/alerts/routes.ts": `import { value } from "../budgets/index.ts";\nexport const routes = value;\n`,
  });
  expect(rules).toEqual(["capability-by-its-front-door"]);
});

it("lets hosts, normalize and tests name an engine, and a capability not", async () => {
  const rules = await brokenRules({
    "packages/warehouse/src/engines/duckdb/store.ts": value,
    "apps/server/src/main.ts": `import { value } from "../../../packages/warehouse/src/engines/duckdb/store.ts";\nexport const server = value;\n`,
    "packages/warehouse/src/query/run-query.test.ts": `import { value } from "../engines/duckdb/store.ts";\nexport const used = value;\n`,
    "packages/capabilities/src/reports/service.ts": `import { value } from "../../../warehouse/src/engines/duckdb/store.ts";\nexport const used = value;\n`,
  });
  expect(rules).toEqual(["only-hosts-name-an-engine"]);
});

it("says where an import leads nowhere", async () => {
  expect(await brokenRules({ "shared/kernel/src/money.ts": `export * from "./gone.ts";\n` })).toEqual([
    "no-unresolved",
  ]);
});

it("refuses Redis to all but a host that runs on Node", async () => {
  const redis = `import { value } from "../../../packages/platform/src/redis/shared-redis.ts";\nexport const host = value;\n`;
  const rules = await brokenRules({
    "packages/platform/src/redis/shared-redis.ts": value,
    "apps/worker/src/host.ts": redis,
  });
  expect(rules).toEqual(["only-hosts-load-redis"]);
  expect(
    await brokenRules({ "packages/platform/src/redis/shared-redis.ts": value, "apps/server/src/host.ts": redis }),
  ).toEqual([]);
});

it("refuses what a Worker cannot load, however far away, and takes its types", async () => {
  const files = {
    "packages/capabilities/src/sources/service.ts": `import { readFile } from "node:fs/promises";\nexport type Read = typeof readFile;\nexport const read = readFile;\n`,
    "packages/capabilities/src/sources/on-node.ts": `import { read } from "./service.ts";\nexport const job = read;\n`,
  };
  const main = (text: string) => brokenRules({ ...files, "apps/worker/src/main.ts": text });
  const path = "../../../packages/capabilities/src/sources/service.ts";
  expect(await main(`import { read } from "${path}";\nexport const main = read;\n`)).toEqual(["worker-loads-no-node"]);
  expect(await main(`import type { Read } from "${path}";\nexport type Main = Read;\n`)).toEqual([]);
});
