import { join } from "node:path";
import { pinPublished } from "@finops/pipeline/publish/pin-published";
import { NodeClickHouseConnection } from "@finops/warehouse/engines/clickhouse/node-connection";
import { ClickHouseStore } from "@finops/warehouse/engines/clickhouse/clickhouse-store";
import { loadPeriod } from "@finops/warehouse/engines/clickhouse/load-period";
import { createTables } from "@finops/warehouse/engines/clickhouse/tables";
import { writePeriodTables } from "@finops/warehouse/engines/duckdb/write-period-tables";
import type { PinnedGeneration, PinnedStore } from "@finops/warehouse/query/cost-store";
import { startClickHouseFace } from "@finops/warehouse/testing/clickhouse-face";
import type { Bench, BenchRun } from "./bench.ts";
import { type BenchHost, openBenchHost } from "./bench-host.ts";
import { dashboardQueries, drillDownQueries } from "./dashboard.ts";
import { median } from "./percentiles.ts";
import {
  type Asked,
  askedAsUsual,
  type BareReader,
  measureQueries,
  openBareDuckDB,
  type QuerySamples,
  sumOfMedians,
} from "./query-benches.ts";
import { type Result, result } from "./results.ts";
import { monthsOf } from "./stored-rows.ts";

/** ClickHouse runs as its engine in one process behind HTTP: what a server adds, such as several queries at once, is not in it. */
export const enginesBench: Bench = {
  name: "engines",
  about: "DuckDB and the engine of ClickHouse on the same rows and queries",
  async run(bench) {
    const { dataDir, period } = await bench.stored(monthsOf(bench.rows));
    const host = await openBenchHost(dataDir);
    const face = await startClickHouseFace();
    const connection = new NodeClickHouseConnection({
      url: face.url,
      memoryMb: 4096,
      timeoutMs: 60_000,
      rowPolicies: false,
    });
    const duckdb = await openBareDuckDB(host);
    try {
      await createTables(connection);
      const clickHouse = new ClickHouseStore(connection);
      const { tenantId } = host.ctx;
      const { pinned, rows, seconds, bytes } = await copyPeriods(bench, host, connection);
      const bare: BareReader = {
        attach: () => Promise.resolve(),
        read: (statement) => clickHouse.read(tenantId, [], statement),
      };
      const inRows: Asked = { tenantId, read: (work) => work(pinned) };
      const results: Result[] = [
        result("engines: rows a second into ClickHouse from built tables", rows / seconds, "rows/s"),
        result("engines: disk, ClickHouse to DuckDB", bytes / duckdbBytes(pinned), "times"),
      ];
      for (const [name, queries, tables] of [
        ["from rollups", dashboardQueries(period), "any"],
        ["from rows", dashboardQueries(period), "facts"],
        ["by resource and hour", drillDownQueries(period), "facts"],
      ] as const) {
        bench.say(`Asking both engines, ${name}`);
        const files = await measureQueries(host.embedded.store, duckdb, askedAsUsual(host), queries, tables);
        const table = await measureQueries(clickHouse, bare, inRows, queries, tables);
        results.push(...comparison(`engines, ${name}`, files, table));
      }
      return results;
    } finally {
      duckdb.close();
      await connection.close();
      await face.close();
      await host.embedded.close();
    }
  },
};

/** The company's current periods, as rows of ClickHouse. */
async function copyPeriods(
  bench: BenchRun,
  { embedded, ctx }: BenchHost,
  connection: NodeClickHouseConnection,
): Promise<{ pinned: PinnedStore; rows: number; seconds: number; bytes: number }> {
  const pinned = await pinPublished(ctx);
  const generations: PinnedGeneration[] = [];
  let [rows, seconds] = [0, 0];
  for (const generation of pinned.generations) {
    bench.say(`Copying ${generation.billingPeriod} into ClickHouse`);
    const path = join(embedded.folder.warehouseDir, ctx.tenantId, generation.storePath);
    const limits = { threads: 2, memoryMb: 1536 };
    const tables = await writePeriodTables(path, generation.manifest, await bench.folder(), limits);
    const storePath = generation.storePath.replace(".duckdb", "");
    const started = performance.now();
    await loadPeriod(connection, ctx.tenantId, storePath, tables);
    seconds += (performance.now() - started) / 1000;
    rows += generation.manifest.rows;
    generations.push({ ...generation, storePath });
  }
  const sql = `SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = '${connection.database}' AND active`;
  for await (const [found] of connection.rows({ sql, values: {}, settings: {} }))
    return { pinned: { ...pinned, generations }, rows, seconds, bytes: Number(found!.bytes) };
  throw new Error("ClickHouse does not know its own parts.");
}

function duckdbBytes({ generations }: PinnedStore): number {
  return generations.reduce((sum, { manifest }) => sum + manifest.bytes, 0);
}

function comparison(name: string, files: readonly QuerySamples[], table: readonly QuerySamples[]): Result[] {
  const [duckdb, clickHouse] = [sumOfMedians(files), sumOfMedians(table)];
  return [
    result(`${name}: ClickHouse to DuckDB`, clickHouse.ours / duckdb.ours, "times"),
    result(`${name}: ours to DuckDB's own time`, duckdb.ours / duckdb.engine, "times"),
    result(`${name}: ours to ClickHouse's own time, its HTTP included`, clickHouse.ours / clickHouse.engine, "times"),
    ...files.flatMap((sample, index) => [
      result(`${name}: ${sample.name}, DuckDB`, median(sample.oursMs), "ms"),
      result(`${name}: ${sample.name}, ClickHouse`, median(table[index]!.oursMs), "ms"),
    ]),
  ];
}
