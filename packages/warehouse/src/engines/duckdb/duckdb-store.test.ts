import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { parseCostQuery } from "../../query/cost-query.ts";
import type { PinnedStore } from "../../query/cost-store.ts";
import { runQuery } from "../../query/run-query.ts";
import { toLakeRow } from "../../testing/bill.ts";
import { type DuckDBWarehouse, openTestWarehouse } from "../../testing/test-warehouse.ts";
import { DuckDBStore } from "./duckdb-store.ts";
import { generationAlias } from "./generation-alias.ts";

const warehouse = openTestWarehouse();
const [ours, theirs] = [newId(), newId()];
let [ourData, theirData]: PinnedStore[] = [];
beforeAll(async () => {
  ourData = await warehouse.publish(ours, [toLakeRow({ cost: "1" })]);
  theirData = await warehouse.publish(theirs, [toLakeRow({ cost: "2" })]);
});
afterAll(() => warehouse.close());

const run = (sql: string) => warehouse.store.read(ours, ourData!.generations, { sql, args: [] });
const refusal = async (sql: string): Promise<string> =>
  run(sql).then(
    (rows) => `no refusal: ${JSON.stringify(rows).slice(0, 200)}`,
    (error: unknown) => (error as AppError).internal!,
  );

describe("a company's engine", () => {
  it("reads its own file", async () => {
    const [row] = await run(`SELECT count(*) AS n FROM ${generationAlias(ourData!.generations[0]!.id)}.facts`);
    expect(row).toEqual({ n: "1" });
  });

  it("opens no file of another company and none of the machine, whatever SQL runs in it", async () => {
    const foreign = join(warehouse.store.tenantDir(theirs), theirData!.generations[0]!.storePath);
    const parquet = join(
      warehouse.store.tenantDir(theirs),
      readdirSync(warehouse.store.tenantDir(theirs)).find((name) => name.endsWith(".parquet"))!,
    );
    const climbing = join("..", theirs, theirData!.generations[0]!.storePath);
    const outside = join(warehouse.root, "leak");
    writeFileSync(`${outside}.csv`, "a\n1\n");
    const attempts = [
      `ATTACH '${foreign}' AS x (READ_ONLY)`,
      `ATTACH '${warehouse.store.tenantDir(ours)}/${climbing}' AS x (READ_ONLY)`,
      `SELECT * FROM read_parquet('${parquet}')`,
      `SELECT * FROM '${parquet}'`,
      `SELECT * FROM read_csv('${outside}.csv')`,
      `SELECT * FROM read_text('/etc/hostname')`,
      `SELECT * FROM read_blob('${foreign}')`,
      `SELECT * FROM glob('/etc/*')`,
      `COPY (SELECT 1) TO '${outside}.parquet'`,
      `COPY (SELECT 1) TO '${warehouse.store.tenantDir(theirs)}/leak.csv'`,
      `EXPORT DATABASE '${outside}'`,
      "SET enable_external_access = true",
      "SET allowed_directories = ['/']",
      "SET lock_configuration = false",
      "RESET allowed_directories",
      "SET memory_limit = '100GB'",
      "LOAD httpfs",
      "INSTALL httpfs",
      "SELECT getenv('HOME')",
      `CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')`,
    ];
    for (const sql of attempts)
      expect(await refusal(sql), sql).toMatch(
        /Permission|not allowed|disabled|locked|does not exist|Cannot (change|open)|not be (found|read)|No files found/i,
      );
    expect(existsSync(`${outside}.parquet`)).toBe(false);
    expect(existsSync(outside)).toBe(false);
  });

  it("cannot change a published file", async () => {
    expect(await refusal(`DELETE FROM ${generationAlias(ourData!.generations[0]!.id)}.facts`)).toMatch(/read-only/i);
  });

  it("refuses a path that leads out of the company's folder, and an id that is none", async () => {
    const generation = {
      ...ourData!.generations[0]!,
      id: newId(),
      storePath: `../${theirs}/${theirData!.generations[0]!.storePath}`,
    };
    await expect(warehouse.store.read(ours, [generation], { sql: "SELECT 1", args: [] })).rejects.toMatchObject({
      code: "internal",
    });
    await expect(warehouse.store.read("../x", [], { sql: "SELECT 1", args: [] })).rejects.toMatchObject({
      code: "internal",
    });
  });

  it("reads a file that was not there the first time", async () => {
    const [generation] = theirData!.generations;
    const path = join(warehouse.store.tenantDir(theirs), generation!.storePath);
    renameSync(path, `${path}.away`);
    const read = () =>
      warehouse.store.read(theirs, [generation!], {
        sql: `SELECT count(*) AS n FROM ${generationAlias(generation!.id)}.facts`,
        args: [],
      });
    await expect(read()).rejects.toMatchObject({ code: "internal" });
    renameSync(`${path}.away`, path);
    expect(await read()).toEqual([{ n: "1" }]);
  });
});

describe("a query that takes long", () => {
  const endless = "SELECT count(*) AS n FROM range(100000000000) AS a, range(100000) AS b";

  it("is stopped when its time is over, and its connection serves the next one", async () => {
    const started = performance.now();
    await expect(warehouse.store.read(ours, [], { sql: endless, args: [] }, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "limit",
    });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await run("SELECT 1 AS n")).toEqual([{ n: "1" }]);
  });

  it("is stopped when whoever asked is gone, also before it began", async () => {
    const controller = new AbortController();
    const read = warehouse.store.read(ours, [], { sql: endless, args: [] }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(read).rejects.toMatchObject({ code: "precondition" });
    await expect(
      warehouse.store.read(ours, [], { sql: endless, args: [] }, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "precondition" });
  });

  it("is stopped although many others wait for a thread", async () => {
    const controllers = Array.from({ length: 12 }, () => new AbortController());
    const reads = controllers.map((controller) =>
      warehouse.store
        .read(ours, [], { sql: endless, args: [] }, { signal: controller.signal })
        .catch((error: unknown) => (error as AppError).code),
    );
    setTimeout(() => controllers.forEach((controller) => controller.abort()), 100);
    expect(new Set(await Promise.all(reads))).toEqual(new Set(["precondition"]));
  });
});

describe("few places for many files", () => {
  const months = ["2026-01", "2026-02", "2026-03", "2026-04"];
  let crowded: DuckDBWarehouse;
  const companies = [newId(), newId(), newId()];
  const data: PinnedStore[] = [];
  beforeAll(async () => {
    crowded = openTestWarehouse({ tenantsMax: 1, generationsMax: 2 });
    for (const [index, company] of companies.entries()) {
      data.push(
        await crowded.publish(
          company,
          months.map((month, place) => toLakeRow({ day: `${month}-05`, cost: String((index + 1) * 10 ** place) })),
        ),
      );
    }
  });
  afterAll(() => crowded.close());

  it("gives 50 simultaneous queries over three companies their right answers", async () => {
    const asked = Array.from({ length: 50 }, (_, query) => ({ company: query % 3, months: (query % 4) + 1 }));
    const answers = await Promise.all(
      asked.map(async ({ company, months: count }) => {
        const query = parseCostQuery({
          measures: ["billedCost"],
          period: { start: "2026-01-01", end: `2026-0${count + 1}-01` },
        });
        return (await runQuery(crowded.store, { tenantId: companies[company]! }, data[company]!, query)).totals[0]!
          .values.billedCost!.value;
      }),
    );
    expect(answers).toEqual(
      asked.map(({ company, months: count }) => String((company + 1) * Number("1".repeat(count)))),
    );
  });

  it("attaches and detaches the same files over and over", async () => {
    const ask = async (month: string) =>
      (
        await runQuery(
          crowded.store,
          { tenantId: companies[0]! },
          data[0]!,
          parseCostQuery({ measures: ["rowCount"], period: { start: `${month}-01`, end: `${month}-28` } }),
        )
      ).totals[0]!.values.rowCount!.value;
    for (let round = 0; round < 10; round += 1) {
      expect(await Promise.all([...months, ...months].map(ask))).toEqual(Array.from({ length: 8 }, () => "1"));
    }
  });

  it("waits for running reads before a company is closed, and opens it again when asked", async () => {
    const store = new DuckDBStore({
      root: crowded.root,
      threads: 1,
      memoryMb: 256,
      tenantsMax: 2,
      generationsMax: 1,
      timeoutMs: 10_000,
    });
    const count = () =>
      store.read(companies[0]!, data[0]!.generations, {
        sql: `SELECT count(*) AS n FROM ${data[0]!.generations.map((generation) => `${generationAlias(generation.id)}.facts`).join(", ")}`,
        args: [],
      });
    const reads = [count(), count(), count()];
    await Promise.all([store.closeTenant(companies[0]!), store.closeTenant(companies[0]!)]);
    expect((await Promise.all(reads)).map(([row]) => row!.n)).toEqual(["1", "1", "1"]);
    expect((await count())[0]!.n).toBe("1");
    await store.close();
  });
});
