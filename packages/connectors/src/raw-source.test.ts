import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSource, recordList } from "./raw-source.ts";

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
});
afterAll(() => instance.closeSync());

async function value(sql: string): Promise<unknown> {
  const connection = await instance.connect();
  const rows = await (await connection.run(`SELECT ${sql} AS value`)).getRowObjectsJson();
  connection.closeSync();
  return rows[0]?.["value"];
}

const records = (type: string, sql: string) => value(recordList({ sql, type }, ["key", "value"]));

describe("a dotted name", () => {
  it("is a column of that name first, then a field of a struct, then of a JSON object", () => {
    const struct = {
      name: "Service",
      type: 'STRUCT(id VARCHAR, "description" STRUCT("a,b" DECIMAL(18,2), c JSON)[], plain INTEGER)',
    };
    expect(findSource(["service.plain"], [{ name: "service.plain", type: "VARCHAR", physical: "c3" }, struct])).toEqual(
      { sql: '_raw."c3"', type: "VARCHAR" },
    );
    expect(findSource(["service.plain"], [struct])).toEqual({ sql: '_raw."Service"."plain"', type: "INTEGER" });
    expect(findSource(["service.description"], [struct])?.type).toBe('STRUCT("a,b" DECIMAL(18,2), c JSON)[]');
    expect(findSource(["service.plain"], [{ name: "service", type: "JSON" }])).toEqual({
      sql: `json_extract_string(_raw."service", '$."plain"')`,
      type: "VARCHAR",
    });
    expect(findSource(["service.other", "none"], [struct])).toBeUndefined();
  });

  it("reads numbers of JSON with their digits and texts without their quotes", async () => {
    const source = findSource(["usage.amount"], [{ name: "usage", type: "JSON" }]);
    expect(await value(source!.sql.replace('_raw."usage"', `'{"amount": 0.30000000000000004}'::JSON`))).toBe(
      "0.30000000000000004",
    );
    expect(
      await value(
        findSource(["name"], [{ name: "name", type: "JSON" }])!.sql.replace('_raw."name"', `'"it''s"'::JSON`),
      ),
    ).toBe("it's");
  });
});

describe("a list of records", () => {
  it("is the same from structs, JSON and what Python prints", async () => {
    const expected = [
      { key: "a", value: "1.5" },
      { key: "it's", value: null },
    ];
    expect(
      await records(
        'STRUCT("key" VARCHAR, "value" DOUBLE, more INTEGER)[]',
        `[{'key': 'a', 'value': 1.5::DOUBLE, 'more': 1}, {'key': 'it''s', 'value': NULL, 'more': 2}]`,
      ),
    ).toEqual(expected);
    expect(await records("VARCHAR", `'[{"key":"a","value":1.5,"more":{}},{"key":"it''s"}]'`)).toEqual(expected);
    expect(
      await records("VARCHAR", `'[{''key'': ''a'', ''value'': Decimal(''1.5'')}, {"key": "it''s", ''value'': None}]'`),
    ).toEqual(expected);
    expect(
      await records("VARCHAR", `'[{''key'': ''a'', ''value'': 1.5}\n {''key'': "it''s", ''value'': None}]'`),
    ).toEqual(expected);
    expect(await records("JSON[]", `[{'key': 'a', 'value': 1.5}::JSON, '{"key":"it''s"}'::JSON]`)).toEqual(expected);
  });

  it.each(["NULL::VARCHAR", "''", "'[]'", "'None'", "'NULL'"])("is empty where the file has %s", async (text) => {
    expect(await records("VARCHAR", text)).toEqual([]);
    expect(await value(recordList(undefined, ["key"]))).toEqual([]);
  });

  it.each(["'[oops'", `'{"key":"a"}'`, "'[null]'", "'[{''key'': ''a'', ''strange'': [1]}]'", "'[{''key'': ''a'']'"])(
    "is NULL where any of it cannot be read: %s",
    async (text) => {
      expect(await records("VARCHAR", text)).toBeNull();
    },
  );
});
