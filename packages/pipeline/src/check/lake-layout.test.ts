import { expect, it } from "vitest";
import { checkRelation } from "./check-relation.ts";
import { ownRules } from "./own-rules.ts";
import { checkRows, coveredRow, failedRules, type Row, taxRow, usageRow, withConnection } from "./testing.ts";
import { identifier, literal } from "@finops/connectors/sql";

const metrics = new Set([
  "BilledCost",
  "EffectiveCost",
  "ListCost",
  "ContractedCost",
  "PricingQuantity",
  "ConsumedQuantity",
  "CommitmentDiscountQuantity",
]);

/** The three columns of an amount: what fits eight places, the rest in units of 1e-26, and amounts of 1e10 and more. */
function amount(column: string, value: string | null): string[] {
  const exact = value === null ? "NULL" : `${literal(value)}::DECIMAL(38, 26)`;
  const near = `${exact}::DECIMAL(18, 8)`;
  return [
    `${near} AS ${identifier(column)}`,
    `((${exact} - ${near}) * 100000000000000::BIGINT * 1000000000000::BIGINT)::BIGINT AS ${identifier(`${column}_lo`)}`,
    `NULL::DECIMAL(38, 8) AS ${identifier(`${column}_big`)}`,
  ];
}

function lakeSelect(row: Row): string {
  const cells = Object.entries(row).flatMap(([column, value]) => {
    if (metrics.has(column)) return amount(column, value);
    const text = value === null ? "NULL::VARCHAR" : literal(value);
    return [`${/Period(Start|End)$/.test(column) ? `${text}::TIMESTAMP` : text} AS ${identifier(column)}`];
  });
  return `SELECT ${cells.join(", ")}`;
}

async function checkInLake(rows: Row[]) {
  return withConnection(async (connection) => {
    const table = `(${rows.map(lakeSelect).join(" UNION ALL ")})`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
    const columns = described.getRowObjectsJson().map((row) => String(row["column_name"]));
    return checkRelation(connection, { table, columns, layout: "lake" }, ownRules("1.2"));
  });
}

it("finds in the lake what it finds in the text, as far as the lake can tell", async () => {
  const rows: Row[] = [
    usageRow,
    coveredRow,
    taxRow,
    { ...usageRow, ListCost: "7", ListUnitPrice: "-0.12", RegionName: null, ServiceSubcategory: "Object Storage" },
    { ...usageRow, ChargePeriodEnd: "2026-01-04T00:00:00Z", BilledCost: null, SkuId: "SKU2", ChargeCategory: "Use" },
    { ...coveredRow, CommitmentDiscountStatus: null, CommitmentDiscountQuantity: null },
  ];
  const lake = await checkInLake(rows);
  const text = new Map(
    (await checkRows(rows, ownRules())).results.map((result) => [result.ruleId, `${result.status} ${result.rows}`]),
  );
  const answered = lake.results.filter(({ status }) => status === "passed" || status === "failed");
  expect(answered.length).toBeGreaterThan(80);
  expect(answered.map(({ ruleId, status, rows: count }) => [ruleId, `${status} ${count}`])).toEqual(
    answered.map(({ ruleId }) => [ruleId, text.get(ruleId)]),
  );
  expect(failedRules(lake)).toEqual(
    expect.arrayContaining(["ListCost-C-009-C", "ListUnitPrice-C-008-M", "SkuPriceId-C-008-M", "BilledCost-C-003-M"]),
  );
});

it("sees what an amount has below eight places: a purchase of 1e-26 is not free", async () => {
  const purchase = {
    ...coveredRow,
    ChargeCategory: "Purchase",
    ChargeFrequency: "Recurring",
    CommitmentDiscountStatus: null,
    ConsumedQuantity: null,
    ConsumedUnit: null,
    PricingCategory: "Standard",
  };
  expect(
    failedRules(
      await checkInLake([usageRow, coveredRow, { ...purchase, EffectiveCost: "0.00000000000000000000000001" }]),
    ),
  ).toEqual(["EffectiveCost-C-005-C"]);
  expect(failedRules(await checkInLake([usageRow, coveredRow, { ...purchase, EffectiveCost: "0" }]))).toEqual([]);
});

it("does not ask a provider for columns that it never fills", async () => {
  const plain = { ...usageRow, SkuMeter: null, RegionId: null, RegionName: null, SubAccountType: null };
  const conformance = await checkInLake([plain, plain]);
  expect(failedRules(conformance)).toEqual([]);
  expect(conformance.results.find(({ ruleId }) => ruleId === "SkuMeter-C-005-C")?.status).toBe("not-applicable");
  expect(conformance.results.find(({ ruleId }) => ruleId === "BilledCost-C-002-M")?.status).toBe("not-checkable");
});
