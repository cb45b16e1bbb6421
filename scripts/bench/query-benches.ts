import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { CostQueryInput } from "@finops/capabilities/costs/contract";
import { readPublished } from "@finops/pipeline/publish/pin-published";
import { generationAlias } from "@finops/warehouse/engines/duckdb/generation-alias";
import { parseCostQuery } from "@finops/warehouse/query/cost-query";
import type { CostStore, PinnedGeneration, PinnedStore, Statement } from "@finops/warehouse/query/cost-store";
import { runQuery } from "@finops/warehouse/query/run-query";
import type { Bench, BenchRun } from "./bench.ts";
import { type BenchHost, openBenchHost } from "./bench-host.ts";
import { dashboardQueries, drillDownQueries } from "./dashboard.ts";
import { median, p95 } from "./percentiles.ts";
import { type Result, result } from "./results.ts";

/** Rounds that are measured, after one that is not. */
const rounds = 15;
/** Questions that take seconds are asked less often. */
const roundsMin = 3;
const enoughMs = 120_000;

export const queriesRollup: Bench = {
  name: "queries-rollup",
  about: "Eight dashboard queries, one at a time, from the rollups",
  run: (bench) =>
    withStore(bench, async (host, period) => {
      const samples = await measureEmbedded(host, dashboardQueries(period), "any");
      return resultsOf("queries-rollup", samples, 50);
    }),
};

export const queriesRows: Bench = {
  name: "queries-rows",
  about: "The same queries from the rows, and four that only the rows can answer",
  run: (bench) =>
    withStore(bench, async (host, period) => {
      const dashboard = await measureEmbedded(host, dashboardQueries(period), "facts");
      const drillDown = await measureEmbedded(host, drillDownQueries(period), "facts");
      return [
        ...resultsOf("queries-rows", dashboard, 300),
        ...resultsOf("queries-rows: by resource and hour", drillDown, 300),
      ];
    }),
};

async function withStore(
  bench: BenchRun,
  work: (host: BenchHost, period: CostQueryInput["period"]) => Promise<Result[]>,
): Promise<Result[]> {
  const { dataDir, period } = await bench.stored();
  const host = await openBenchHost(dataDir);
  try {
    bench.say("Asking one query at a time");
    return await work(host, period);
  } finally {
    await host.embedded.close();
  }
}

export interface QuerySamples {
  name: string;
  /** Which answered: small data has no rollup where one would be nearly as long as the facts. */
  tables: readonly string[];
  oursMs: number[];
  engineMs: number[];
}

export async function measureEmbedded(
  host: BenchHost,
  queries: readonly CostQueryInput[],
  tables: "any" | "facts",
): Promise<QuerySamples[]> {
  const bare = await openBareDuckDB(host);
  try {
    return await measureQueries(host.embedded.store, bare, askedAsUsual(host), queries, tables);
  } finally {
    bare.close();
  }
}

/** Whose costs are asked for, and how it is found out what is published. */
export interface Asked {
  tenantId: string;
  read(work: (pinned: PinnedStore) => Promise<void>): Promise<void>;
}

export const askedAsUsual = ({ ctx }: BenchHost): Asked => ({
  tenantId: ctx.tenantId,
  read: (work) => readPublished(ctx, {}, work),
});

/** An engine without our layer over it. */
export interface BareReader {
  attach(generations: readonly PinnedGeneration[]): Promise<void>;
  read(statement: Statement): Promise<unknown>;
}

export const openBareDuckDB = ({ embedded, ctx }: BenchHost): Promise<BareReader & { close(): void }> =>
  BareEngine.open(join(embedded.folder.warehouseDir, ctx.tenantId));

/** Takes turns with the bare engine, so that a busy moment of the machine meets both. */
export async function measureQueries(
  costs: CostStore,
  bare: BareReader,
  { tenantId, read }: Asked,
  queries: readonly CostQueryInput[],
  tables: "any" | "facts",
): Promise<QuerySamples[]> {
  const store = new RecordingStore(costs);
  const samples = queries.map((query): QuerySamples => ({ name: nameOf(query), tables: [], oursMs: [], engineMs: [] }));
  const began = performance.now();
  for (let round = 0; round <= rounds; round++) {
    if (round > roundsMin && performance.now() - began > enoughMs) break;
    for (const [index, query] of queries.entries()) {
      const sample = samples[index]!;
      const oursMs = await elapsed(() =>
        read(async (pinned) => {
          sample.tables = await answer(tenantId, pinned, store, query, tables);
        }),
      );
      const asked = store.last!;
      await bare.attach(asked.generations);
      const engineMs = await elapsed(() => bare.read(asked.statement));
      if (round === 0) continue;
      sample.oursMs.push(oursMs);
      sample.engineMs.push(engineMs);
    }
  }
  return samples;
}

export function resultsOf(name: string, samples: readonly QuerySamples[], p95GoalMs: number): Result[] {
  const { ours, engine } = sumOfMedians(samples);
  return [
    result(`${name}: p95`, p95(samples.flatMap((sample) => sample.oursMs)), "ms", { below: p95GoalMs }),
    result(`${name}: ours to the engine's own time`, ours / engine, "times", { atMost: 1.2 }),
    ...samples.map((sample) =>
      result(`${name}: ${sample.name}, median (${sample.tables.join(", ")})`, median(sample.oursMs), "ms"),
    ),
  ];
}

/** Milliseconds of all queries asked once. */
export function sumOfMedians(samples: readonly QuerySamples[]): { ours: number; engine: number } {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    ours: sum(samples.map((sample) => median(sample.oursMs))),
    engine: sum(samples.map((sample) => median(sample.engineMs))),
  };
}

function nameOf({ measures, groupBy = [], grain, filter }: CostQueryInput): string {
  return [
    measures.join("+"),
    ...(groupBy.length === 0 ? [] : [`by ${groupBy.join(", ")}`]),
    ...(grain === undefined ? [] : [`per ${grain}`]),
    ...(filter === undefined ? [] : ["filtered"]),
  ].join(" ");
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Answers like `queryCosts`; without rollups, the planner finds nothing but the facts. */
async function answer(
  tenantId: string,
  pinned: PinnedStore,
  store: CostStore,
  input: CostQueryInput,
  tables: "any" | "facts",
): Promise<readonly string[]> {
  const seen = tables === "any" ? pinned : { ...pinned, generations: pinned.generations.map(withoutRollups) };
  const { meta } = await runQuery(store, { tenantId }, seen, parseCostQuery(input));
  return meta.tables;
}

function withoutRollups(generation: PinnedGeneration): PinnedGeneration {
  const { facts } = generation.manifest.tables;
  return { ...generation, manifest: { ...generation.manifest, tables: facts === undefined ? {} : { facts } } };
}

/** Passes reads on and remembers the last, so that the bare engine can be asked the same. */
class RecordingStore implements CostStore {
  readonly dialect: CostStore["dialect"];
  readonly #store: CostStore;
  last: { generations: readonly PinnedGeneration[]; statement: Statement } | null = null;

  constructor(store: CostStore) {
    this.#store = store;
    this.dialect = store.dialect;
  }

  read: CostStore["read"] = (tenantId, generations, statement, options) => {
    this.last = { generations, statement };
    return this.#store.read(tenantId, generations, statement, options);
  };
}

/** DuckDB alone on the same files, with the same threads and memory. */
class BareEngine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #dir: string;
  readonly #attached = new Set<string>();

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, dir: string) {
    this.#instance = instance;
    this.#connection = connection;
    this.#dir = dir;
  }

  static async open(dir: string): Promise<BareEngine> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(availableParallelism()),
      memory_limit: "1536MB",
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new BareEngine(instance, connection, dir);
  }

  async attach(generations: readonly PinnedGeneration[]): Promise<void> {
    for (const { id, storePath } of generations) {
      if (this.#attached.has(id)) continue;
      await this.#connection.run(`ATTACH '${join(this.#dir, storePath)}' AS ${generationAlias(id)} (READ_ONLY)`);
      this.#attached.add(id);
    }
  }

  /** Runs the statement and fetches its rows, as values of the engine. */
  async read({ sql, args }: Statement): Promise<void> {
    const answered = await this.#connection.run(sql, [...args]);
    await answered.getRows();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
