import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import type { PeriodStore } from "../publish/period-store.ts";
import type { EngineRunner } from "./engine-runner.ts";

/** Periods as files of DuckDB, a folder per company. */
export function createDuckDBPeriods(store: DuckDBStore, engine: EngineRunner): PeriodStore {
  const pathOf = (tenantId: string, storePath: string) => join(store.tenantDir(tenantId), storePath);
  async function remove(tenantId: string, storePaths: readonly string[]): Promise<void> {
    for (const path of storePaths.map((storePath) => pathOf(tenantId, storePath)))
      // A builder that was ended in the middle leaves its draft.
      for (const file of [path, `${path}.tmp`, `${path}.tmp.wal`]) await rm(file, { recursive: true, force: true });
  }

  return {
    nameOf: (billingPeriod, token) => `${billingPeriod.slice(0, 7)}-${token}.duckdb`,
    async build(tenantId, storePath, versions, signal) {
      await mkdir(store.tenantDir(tenantId), { recursive: true });
      return engine.run("build", { versions, path: pathOf(tenantId, storePath) }, { signal });
    },
    list: (tenantId) => namesIn(store.tenantDir(tenantId)),
    remove,
    abandon: (tenantId, storePath) => remove(tenantId, [storePath]),
    listCompanies: () => namesIn(store.root),
    async removeCompany(tenantId) {
      await store.closeTenant(tenantId);
      await rm(store.tenantDir(tenantId), { recursive: true, force: true });
    },
    exportRows: (tenantId, { generations, statement }) =>
      Promise.resolve({
        rows: {
          kind: "statement",
          periods: generations.map(({ id, storePath }) => ({ id, path: pathOf(tenantId, storePath) })),
          ...statement,
        },
        dispose: () => Promise.resolve(),
      }),
  };
}

/** None where the folder is not there yet. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
