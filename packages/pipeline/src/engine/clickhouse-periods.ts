import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "@finops/kernel/id";
import type { NodeClickHouseConnection } from "@finops/warehouse/engines/clickhouse/node-connection";
import type { ClickHouseStore } from "@finops/warehouse/engines/clickhouse/clickhouse-store";
import {
  listCompanies,
  listPeriods,
  loadPeriod,
  removeCompanyRows,
  removeRows,
} from "@finops/warehouse/engines/clickhouse/load-period";
import type { PeriodStore } from "../publish/period-store.ts";
import type { EngineRunner } from "./engine-runner.ts";

/**
 * Periods as rows of ClickHouse. They are built by DuckDB as everywhere, so that a figure does not depend on the store, and
 * then sent; `workDir` holds what is on its way.
 */
export function createClickHousePeriods(
  connection: NodeClickHouseConnection,
  store: ClickHouseStore,
  engine: EngineRunner,
  workDir: string,
): PeriodStore {
  return {
    nameOf: (billingPeriod, token) => `${billingPeriod.slice(0, 7)}-${token}`,
    async build(tenantId, storePath, versions, signal) {
      const folder = join(workDir, `load-${newId()}`);
      await mkdir(folder);
      try {
        const { manifest, tables } = await engine.run("build-tables", { versions, folder }, { signal });
        await loadPeriod(connection, tenantId, storePath, tables, signal);
        return manifest;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    list: (tenantId) => listPeriods(connection, tenantId),
    remove: (tenantId, storePaths) => removeRows(connection, tenantId, storePaths),
    abandon: (tenantId, storePath) => removeRows(connection, tenantId, [storePath], { isAwaited: false }),
    listCompanies: () => listCompanies(connection),
    removeCompany: (tenantId) => removeCompanyRows(connection, tenantId),
    async exportRows(tenantId, { columns, statement }, signal) {
      const path = join(workDir, `export-${newId()}.jsonl`);
      const dispose = () => rm(path, { force: true });
      const lines = await open(path, "wx");
      try {
        const options = { timeoutMs: exportTimeoutMs, ...(signal === undefined ? {} : { signal }) };
        for await (const rows of store.stream(tenantId, statement, options)) {
          const texts = rows.map((row) => JSON.stringify({ cells: columns.map((_, index) => row[`c${index}`]) }));
          await lines.write(texts.map((text) => `${text}\n`).join(""));
        }
      } catch (error) {
        await dispose();
        throw error;
      } finally {
        await lines.close();
      }
      return { rows: { kind: "lines", path, cells: columns.map((_, index) => index) }, dispose };
    },
  };
}

// A file of all rows takes longer than anybody would wait for a screen.
const exportTimeoutMs = 30 * 60_000;
