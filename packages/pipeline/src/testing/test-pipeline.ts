import { mkdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { newId } from "@finops/kernel/id";
import type { FileStore } from "@finops/platform/files/file-store";
import { createFolderStore } from "@finops/platform/files/folder-store";
import type { Host } from "@finops/platform/host";
import { createSystemContext, type Context } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { type CostAnswer, parseCostQuery } from "@finops/warehouse/query/cost-query";
import type { CostStore, PinnedStore } from "@finops/warehouse/query/cost-store";
import { runQuery } from "@finops/warehouse/query/run-query";
import { createDuckDBPeriods } from "../engine/duckdb-periods.ts";
import { createInlineEngine, type EngineRunner } from "../engine/engine-runner.ts";
import type { ImportReport } from "../import-report.ts";
import { listBillFiles } from "../landing/list-bill-files.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import type { PeriodStore } from "../publish/period-store.ts";
import { pinStore } from "../publish/publication-log.ts";
import type { ImportHooks, ImportRequest } from "../import-request.ts";
import { importBills } from "../run.ts";

/** PostgreSQL, a folder of files, a cost store and the pipeline, all real, in a folder of a test file's own. */
export interface TestPipeline {
  database: TestDatabase;
  host: Host;
  pipeline: PipelineHost;
  store: CostStore;
  root: string;
  /** A new company and the right to do everything in it. */
  company(): Promise<Context>;
  /** Writes bills (name → content) into a folder of their own and returns that folder. */
  bills(files: Readonly<Record<string, string | Uint8Array>>): Promise<string>;
  /** Writes bills and imports them. */
  importFiles(
    ctx: Context,
    files: Readonly<Record<string, string | Uint8Array>>,
    options?: Omit<ImportRequest, "files">,
    hooks?: ImportHooks,
  ): Promise<ImportReport[]>;
  /** Imports what is one bill. */
  importOne(
    ctx: Context,
    files: Readonly<Record<string, string | Uint8Array>>,
    options?: Omit<ImportRequest, "files">,
  ): Promise<ImportReport>;
  query(ctx: Context, query?: Record<string, unknown>, pinned?: PinnedStore): Promise<CostAnswer>;
  /** The sum of billed cost per currency over all time. */
  billed(ctx: Context, pinned?: PinnedStore): Promise<Record<string, string>>;
  /** Everything that the company has: rows that an import writes, and files. Equal before and after means nothing was changed. */
  snapshot(ctx: Context): Promise<unknown>;
  close(): Promise<void>;
}

/** A cost store with what fills it. */
export interface TestCosts {
  store: CostStore;
  periods: PeriodStore;
  close(): Promise<void>;
}

export type OpenCosts = (at: { root: string; engine: EngineRunner; workDir: string }) => Promise<TestCosts>;

export const openDuckDBCosts: OpenCosts = ({ root, engine }) => {
  const limits = { threads: 1, memoryMb: 512, tenantsMax: 50, generationsMax: 20, timeoutMs: 30_000 };
  const store = new DuckDBStore({ root, ...limits });
  return Promise.resolve({ store, periods: createDuckDBPeriods(store, engine), close: () => store.close() });
};

const openFolder = (root: string) => createFolderStore({ root: join(root, "files"), draftsDir: join(root, "drafts") });

export async function createTestPipeline(
  makeEngine: (tempDir: string) => EngineRunner = (tempDir) =>
    createInlineEngine({ tempDir, threads: 1, memoryMb: 512 }),
  openCosts: OpenCosts = openDuckDBCosts,
  openFiles: (root: string) => FileStore = openFolder,
): Promise<TestPipeline> {
  const root = await mkdtemp(join(tmpdir(), "finops-pipeline-"));
  const database = await createTestDatabase();
  const files = openFiles(root);
  const workDir = join(root, "work");
  mkdirSync(workDir);
  const engine = makeEngine(workDir);
  const costs = await openCosts({ root: join(root, "warehouse"), engine, workDir });
  const { store } = costs;
  const host = createTestHost({ db: database.db, files });
  const pipeline: PipelineHost = {
    engine,
    workDir,
    periods: costs.periods,
  };
  const written = async (bills: Readonly<Record<string, string | Uint8Array>>) => {
    const dir = join(root, "bills", newId());
    for (const [name, content] of Object.entries(bills)) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), content);
    }
    return dir;
  };
  const importFiles: TestPipeline["importFiles"] = async (ctx, bills, options = {}, hooks = {}) =>
    importBills(ctx, pipeline, { files: await listBillFiles([await written(bills)]), ...options }, hooks);
  const query: TestPipeline["query"] = async (ctx, wish = {}, pinned) =>
    runQuery(
      store,
      { tenantId: ctx.tenantId },
      pinned ?? (await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId))),
      parseCostQuery({ measures: ["billedCost"], period: { start: "2000-01-01", end: "2100-01-01" }, ...wish }),
    );

  return {
    database,
    host,
    pipeline,
    store,
    root,
    async company() {
      const id = newId().replaceAll("-", "");
      const tenant = await createTenant(database.db, { slug: `c${id}`, name: "Company" });
      return createSystemContext(host, tenant.id, "test");
    },
    bills: written,
    importFiles,
    async importOne(ctx, bills, options) {
      const [report, ...more] = await importFiles(ctx, bills, options);
      if (report === undefined || more.length > 0) throw new Error(`This is not one bill but ${more.length + 1}.`);
      return report;
    },
    query,
    async billed(ctx, pinned) {
      const { totals } = await query(ctx, {}, pinned);
      return Object.fromEntries(totals.map(({ currency, values }) => [currency, values.billedCost!.value ?? ""]));
    },
    async snapshot(ctx) {
      const rows = await ctx.inTenant(async (tx) => ({
        sources: await tx.source.findMany({ orderBy: { id: "asc" } }),
        landings: await tx.landing.findMany({ orderBy: { id: "asc" } }),
        versions: await tx.datasetVersion.findMany({ orderBy: { id: "asc" } }),
        generations: await tx.generation.findMany({ orderBy: { id: "asc" } }),
        publications: await tx.publication.findMany({ orderBy: { position: "asc" } }),
        leases: await tx.buildLease.findMany({ orderBy: { token: "asc" } }),
      }));
      const stored = await files.list(`tenants/${ctx.tenantId}/`);
      return {
        ...rows,
        stored,
        periodFiles: (await pipeline.periods.list(ctx.tenantId)).toSorted(),
        work: await readdir(workDir),
      };
    },
    async close() {
      await costs.close();
      await database.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
