import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { newId } from "@finops/kernel/id";
import { parseCostQuery } from "../../query/cost-query.ts";
import type { PinnedStore, Statement } from "../../query/cost-store.ts";
import { runQuery } from "../../query/run-query.ts";
import { toLakeRow } from "../../testing/bill.ts";
import { type ClickHouseWarehouse, openClickHouseWarehouse } from "../../testing/clickhouse-warehouse.ts";
import { NodeClickHouseConnection } from "./node-connection.ts";
import { listPeriods, removeCompanyRows, removeRows } from "./load-period.ts";
import { costTableNames, tableStatements } from "./tables.ts";

let warehouse: ClickHouseWarehouse;
const [ours, theirs] = [newId(), newId()];
let ourData: PinnedStore;
beforeAll(async () => {
  warehouse = await openClickHouseWarehouse();
  ourData = await warehouse.publish(ours, [toLakeRow({ cost: "1" }), toLakeRow({ cost: "2", day: "2026-02-03" })]);
  await warehouse.publish(theirs, [toLakeRow({ cost: "4" })]);
});
afterAll(() => warehouse.close());

const read = (statement: Partial<Statement>, options = {}) =>
  warehouse.store.read(ours, [], { sql: "SELECT 1 AS n", args: [], ...statement }, options);

const totalOf = async (tenantId: string, pinned: PinnedStore) => {
  const query = parseCostQuery({ measures: ["billedCost"], period: { start: "2026-01-01", end: "2027-01-01" } });
  const { totals } = await runQuery(warehouse.store, { tenantId }, pinned, query);
  return totals.map((total) => total.values.billedCost!.value);
};

describe("a company's rows", () => {
  it.each(costTableNames)("are all that a statement sees in %s, even one that names no company", async (table) => {
    const sql = `SELECT DISTINCT toString(tenant_id) AS company FROM finops.${table}`;
    expect(await read({ sql })).toEqual([{ company: ours }]);
  });

  it("are not what another company pins, by the planner's own condition", async () => {
    expect(await totalOf(ours, ourData)).toEqual(["3"]);
    expect(await totalOf(theirs, ourData)).toEqual([]);
  });

  it("cannot be changed by a statement that reads", async () => {
    await expect(read({ sql: "SELECT 1 AS n SETTINGS readonly = 0" })).rejects.toMatchObject({ code: "internal" });
  });

  it("are gone when their period is removed, and others stay", async () => {
    const company = newId();
    const first = await warehouse.publish(company, [toLakeRow({ cost: "8" })]);
    const second = await warehouse.publish(company, [toLakeRow({ cost: "16" })]);
    const marks = [first, second].map(({ generations: [generation] }) => generation!.storePath);
    expect((await listPeriods(warehouse.connection, company)).toSorted()).toEqual(marks);
    await removeRows(warehouse.connection, company, []);
    expect([await totalOf(company, first), await totalOf(company, second)]).toEqual([["8"], ["16"]]);
    await removeRows(warehouse.connection, company, [marks[0]!]);
    expect([await totalOf(company, first), await totalOf(company, second)]).toEqual([[], ["16"]]);
    await removeCompanyRows(warehouse.connection, company);
    expect(await listPeriods(warehouse.connection, company)).toEqual([]);
    expect(await totalOf(ours, ourData)).toEqual(["3"]);
  });

  it("are gone by one statement for each table, however many periods are removed", async () => {
    const company = newId();
    const published: PinnedStore[] = [];
    for (const cost of ["1", "2", "4"]) published.push(await warehouse.publish(company, [toLakeRow({ cost })]));
    const marks = published.map(({ generations: [generation] }) => generation!.storePath);
    const statements = vi.spyOn(warehouse.connection, "command");
    try {
      // Most of them are nobody's, as a sweep may find.
      const many = Array.from({ length: 98 }, (_, index) => `2026-01-${9_000_000 + index}`);
      await removeRows(warehouse.connection, company, [...many, marks[0]!, marks[2]!]);
      expect(statements).toHaveBeenCalledTimes(costTableNames.length);
    } finally {
      statements.mockRestore();
    }
    expect(await listPeriods(warehouse.connection, company)).toEqual([marks[1]]);
    expect(await Promise.all(published.map((one) => totalOf(company, one)))).toEqual([[], ["2"], []]);
  });

  it("of a period that another engine built are none, and it says what to do", async () => {
    const [generation] = ourData.generations;
    const foreign = { ...ourData, generations: [{ ...generation!, storePath: "2026-01-17.duckdb" }] };
    await expect(totalOf(ours, foreign)).rejects.toMatchObject({ code: "precondition" });
  });
});

describe("a statement", () => {
  it("takes values of every type and any number of them, and gives texts back", async () => {
    const texts = Array.from({ length: 5000 }, (_, index) => `it's \\ "${index}"\n\t😀`);
    const { dialect } = warehouse.store;
    const list = texts.map((_, index) => dialect.parameter(index + 1, "text")).join(", ");
    const [row] = await read({ sql: `SELECT length([${list}]) AS n, [${list}][5000] AS last`, args: texts });
    expect(row).toEqual({ n: "5000", last: texts.at(-1) });
    const sql = `SELECT ${dialect.parameter(1, "decimal")} AS a, ${dialect.parameter(2, "money")} AS b, ${dialect.parameter(3, "day")} AS c, ${dialect.parameter(4, "integer")} AS d, NULL AS e`;
    expect(await read({ sql, args: ["12345678901234567890.12345678", "-0.00000001", "2190-01-01", 7] })).toEqual([
      { a: "12345678901234567890.12345678", b: "-0.00000001", c: "2190-01-01", d: "7", e: null },
    ]);
  });

  // The engine of a test runs on by itself when it is asked by one that left; a server does not.
  const endless = "SELECT sum(sipHash64(number)) AS n FROM numbers(100000000000)";

  it("is stopped when its time is over, with a sentence", async () => {
    await expect(read({ sql: endless }, { timeoutMs: 1000 })).rejects.toMatchObject({ code: "limit" });
    expect(await read({})).toEqual([{ n: "1" }]);
  });

  it("that needs too much memory is refused, with a sentence", async () => {
    const sql = "SELECT length(groupArray(toString(number))) AS n FROM numbers(100000000)";
    await expect(read({ sql }, { timeoutMs: 15_000 })).rejects.toMatchObject({ code: "limit" });
  });

  it("is not waited for when whoever asked is gone, also before it began", async () => {
    const controller = new AbortController();
    const reading = read({ sql: endless }, { signal: controller.signal, timeoutMs: 2000 });
    setTimeout(() => controller.abort(), 100);
    await expect(reading).rejects.toMatchObject({ code: "precondition" });
    await expect(read({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "precondition" });
  });

  it("of a server that is not there says so", async () => {
    const connection = new NodeClickHouseConnection({
      url: "http://127.0.0.1:9/finops",
      memoryMb: 64,
      timeoutMs: 1000,
    });
    await expect(connection.command("SELECT 1")).rejects.toMatchObject({ code: "upstream" });
    await connection.close();
    expect(() => new NodeClickHouseConnection({ url: "http://localhost/a-b", memoryMb: 64, timeoutMs: 1 })).toThrow(
      "a-b",
    );
  });

  it("streams a long answer in pieces", async () => {
    let [pieces, rows] = [0, 0];
    const sql = "SELECT number AS n FROM numbers(300000)";
    for await (const some of warehouse.store.stream(ours, { sql, args: [] })) {
      pieces += 1;
      rows += some.length;
    }
    expect(rows).toBe(300_000);
    expect(pieces).toBeGreaterThan(1);
  });
});

describe("tables", () => {
  it("are replicated and spread over a cluster where one is named, a period with its combinations on one shard", () => {
    expect(tableStatements("finops", "facts", undefined)).toEqual([expect.stringContaining("ENGINE = MergeTree ")]);
    for (const name of costTableNames) {
      const [stored, spread] = tableStatements("finops", name, "costs");
      expect(stored).toContain(`CREATE TABLE IF NOT EXISTS finops.${name}_stored ON CLUSTER 'costs' (tenant_id UUID,`);
      expect(stored).toContain(`ReplicatedMergeTree('/clickhouse/tables/{shard}/finops/${name}', '{replica}')`);
      expect(stored).toContain(
        "PARTITION BY toYYYYMM(billing_period) PRIMARY KEY (tenant_id, billing_period, generation,",
      );
      expect(spread).toContain(
        `Distributed('costs', 'finops', '${name}_stored', cityHash64(tenant_id, billing_period))`,
      );
    }
  });
});
