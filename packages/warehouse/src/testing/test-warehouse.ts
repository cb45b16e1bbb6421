import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@finops/kernel/id";
import { buildGeneration } from "../engines/duckdb/build-generation.ts";
import { DuckDB } from "../engines/duckdb/connection.ts";
import { DuckDBStore, type DuckDBStoreOptions } from "../engines/duckdb/duckdb-store.ts";
import type { CostStore, PinnedGeneration, PinnedStore } from "../query/cost-store.ts";
import type { LakeRow } from "./bill.ts";
import { writeLakeFile } from "./write-lake-file.ts";

/** A real cost store, filled with bills. */
export interface TestWarehouse {
  store: CostStore;
  /** Publishes bills as a company's only data: one version each, split by billing period. */
  publish(tenantId: string, ...bills: (readonly LakeRow[])[]): Promise<PinnedStore>;
  close(): Promise<void>;
}

export interface DuckDBWarehouse extends TestWarehouse {
  store: DuckDBStore;
  root: string;
}

export const buildLimits = { threads: 2, memoryMb: 512 };

export function openTestWarehouse(options: Partial<DuckDBStoreOptions> = {}): DuckDBWarehouse {
  const root = mkdtempSync(join(tmpdir(), "finops-warehouse-"));
  const store = new DuckDBStore({
    root,
    ...buildLimits,
    tenantsMax: 5,
    generationsMax: 20,
    timeoutMs: 20_000,
    ...options,
  });
  let position = 0;
  return {
    store,
    root,
    publish: (tenantId, ...bills) => {
      const dir = store.tenantDir(tenantId);
      mkdirSync(dir, { recursive: true });
      return publishBills(String((position += 1)), bills, (billingPeriod) =>
        buildPeriod(dir, `${billingPeriod.slice(0, 7)}-${newId()}.duckdb`, billingPeriod, bills),
      );
    },
    async close() {
      await store.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Builds every billing period of the bills, and pins them. */
export async function publishBills(
  position: string,
  bills: readonly (readonly LakeRow[])[],
  build: (billingPeriod: string) => Promise<PinnedGeneration>,
): Promise<PinnedStore> {
  const periods = [...new Set(bills.flat().map((row) => row.BillingPeriodStart!.slice(0, 10)))].toSorted();
  const generations: PinnedGeneration[] = [];
  for (const period of periods) generations.push(await build(period));
  return { position, freshAt: "2026-06-01T00:00:00.000Z", generations };
}

/** The file of DuckDB for one billing period. */
export async function buildPeriod(
  dir: string,
  storePath: string,
  billingPeriod: string,
  bills: readonly (readonly LakeRow[])[],
): Promise<PinnedGeneration> {
  const id = newId();
  const engine = await DuckDB.open(buildLimits);
  const versions: { versionId: string; paths: string[] }[] = [];
  for (const [index, rows] of bills.entries()) {
    const own = rows.filter((row) => row.BillingPeriodStart!.startsWith(billingPeriod));
    if (own.length === 0) continue;
    const path = join(dir, `${id}-${index}.parquet`);
    await writeLakeFile(engine, own, path);
    versions.push({ versionId: `version-${index}`, paths: [path] });
  }
  engine.close();
  // However few the rows are, the rollups stay, so that tests can ask them.
  const manifest = await buildGeneration(versions, join(dir, storePath), { ...buildLimits, rollupShareMax: 1 });
  return { id, billingPeriod, storePath, manifest, versionIds: versions.map((version) => version.versionId) };
}
