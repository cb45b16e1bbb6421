import { describe, expect, it } from "vitest";
import { clickHouseDialect } from "../engines/clickhouse/dialect.ts";
import { duckdbDialect } from "../engines/duckdb/dialect.ts";
import type { PinnedGeneration } from "./cost-store.ts";
import { currencyOf, joinPeriods } from "./join-periods.ts";
import type { Branch } from "./plan.ts";

const generation = (id: string, currency: string | null = "USD"): PinnedGeneration => ({
  id,
  billingPeriod: `2026-0${id}-01`,
  storePath: `2026-0${id}-${id}`,
  versionIds: [],
  manifest: {
    rows: 1,
    chargeStart: null,
    chargeEnd: null,
    tables: {},
    bigColumns: [],
    bigSums: [],
    currency,
    tagKeys: [],
    extraKeys: [],
    bytes: 1,
  },
});
const branch = (id: string, table: Branch["table"], days: Branch["days"] = null): Branch => ({
  tenantId: "t",
  generations: [generation(id)],
  table,
  days,
});
const days = { start: "2026-01-15", end: "2026-04-01" };
const branches = [branch("1", "rollup_day", days), branch("2", "facts"), branch("3", "rollup_day")];

describe("branches of several periods", () => {
  it("become one per table where an engine keeps periods together, cut to the days asked for", () => {
    const joined = joinPeriods(branches, clickHouseDialect("finops"));
    expect(joined.map(({ table, generations }) => [table, generations.map(({ id }) => id)])).toEqual([
      ["rollup_day", ["1", "3"]],
      ["facts", ["2"]],
    ]);
    expect(joined.map((one) => one.days)).toEqual([days, null]);
  });

  it("stay as they are where each period has tables of its own", () => {
    expect(joinPeriods(branches, duckdbDialect)).toBe(branches);
  });

  it("have a currency where all have the same", () => {
    expect(currencyOf([generation("1"), generation("2")])).toBe("USD");
    expect(currencyOf([generation("1"), generation("2", "EUR")])).toBeNull();
    expect(currencyOf([generation("1"), generation("2", null)])).toBeNull();
    expect(currencyOf([])).toBeNull();
  });
});
