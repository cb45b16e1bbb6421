import { expect, it } from "vitest";
import { duckdbDialect } from "../engines/duckdb/dialect.ts";
import type { PinnedStore } from "./cost-store.ts";
import { planFocusExport, planRowsExport } from "./plan-export.ts";

const pinned: PinnedStore = {
  position: "1",
  freshAt: null,
  generations: [
    {
      id: "a1",
      billingPeriod: "2026-10-01",
      storePath: "a1.duckdb",
      versionIds: [],
      manifest: {
        rows: 1,
        chargeStart: "2026-10-01",
        chargeEnd: "2026-11-01",
        tables: { facts: 1 },
        bigColumns: ["ListCost"],
        bigSums: [],
        currency: "USD",
        tagKeys: [],
        extraKeys: [],
        bytes: 1,
      },
    },
  ],
};
const query = { period: { start: "2026-10-01", end: "2026-11-01" }, basis: "charge" } as const;
const scope = { dimension: "subAccountId", is: "the-team's" } as const;

it("writes no row beyond what the caller may see, in either kind", () => {
  for (const plan of [planRowsExport, planFocusExport]) {
    const whole = plan(query, { tenantId: "t" }, pinned, duckdbDialect);
    const part = plan(query, { tenantId: "t", rowFilter: scope }, pinned, duckdbDialect);
    expect(whole.statement!.sql).not.toContain(" WHERE ");
    expect(part.statement!.sql).toContain(" WHERE ");
    expect(part.statement!.args).toEqual(["the-team's"]);
  }
});

it("knows which decimals fit a narrow type, the stand-ins of a list cost with them", () => {
  const { columns } = planFocusExport(query, { tenantId: "t" }, pinned, duckdbDialect);
  const isNarrow = Object.fromEntries(columns.map((column) => [column.name, column.isNarrow]));
  expect(isNarrow).toMatchObject({ BilledCost: true, ContractedCost: true, ListCost: false, Tags: false });
});
