import { describe, expect, it } from "vitest";
import { ownRules } from "./own-rules.ts";
import { checkRows, coveredRow, failedRules, type Row, taxRow, usageRow } from "./testing.ts";

const failures = async (...rows: Row[]) => failedRules(await checkRows(rows, ownRules()));

it("finds nothing wrong with rows that follow the specification", async () => {
  const conformance = await checkRows([usageRow, coveredRow, taxRow], ownRules());
  expect(failedRules(conformance)).toEqual([]);
  expect(conformance).toMatchObject({ version: "1.2", rowsChecked: "3", failed: 0, score: "100.0" });
  expect(conformance.rules).toBeGreaterThan(250);
});

describe("a row that breaks a rule is found by exactly that rule", () => {
  const price = { ListUnitPrice: "0.12", PricingQuantity: "10" };
  const unused = { ...coveredRow, CommitmentDiscountStatus: "Unused", ConsumedQuantity: null, ConsumedUnit: null };
  const purchase = {
    ...unused,
    ChargeCategory: "Purchase",
    ChargeFrequency: "Recurring",
    CommitmentDiscountStatus: null,
    EffectiveCost: "0",
    PricingCategory: "Standard",
  };
  it.each<[string, Row, string[]]>([
    [
      "a cost with a thousands separator",
      { ...usageRow, BilledCost: "1,000.00" },
      ["BilledCost-C-001-M", "BilledCost-C-002-M"],
    ],
    ["a cost with a plus sign", { ...usageRow, BilledCost: "+1" }, ["BilledCost-C-002-M"]],
    ["a cost that is missing", { ...usageRow, BilledCost: null }, ["BilledCost-C-003-M"]],
    ["NaN", { ...usageRow, EffectiveCost: "NaN" }, ["EffectiveCost-C-001-M", "EffectiveCost-C-002-M"]],
    ["a time without zone", { ...usageRow, ChargePeriodStart: "2026-01-05 01:00:00" }, ["ChargePeriodStart-C-002-M"]],
    [
      "a day in American order",
      { ...usageRow, BillingPeriodEnd: "2/1/26" },
      ["BillingPeriodEnd-C-001-M", "BillingPeriodEnd-C-002-M"],
    ],
    [
      "the 30th hour",
      { ...usageRow, ChargePeriodEnd: "2026-01-05T30:00:00Z" },
      ["ChargePeriodEnd-C-001-M", "ChargePeriodEnd-C-002-M"],
    ],
    [
      "a period that ends before it starts",
      { ...usageRow, ChargePeriodEnd: "2026-01-04T00:00:00Z" },
      ["ChargePeriodEnd-X-AfterStart"],
    ],
    [
      "usage from after the billing period",
      { ...usageRow, ChargePeriodStart: "2026-02-01T00:00:00Z", ChargePeriodEnd: "2026-02-01T01:00:00Z" },
      ["ChargePeriodStart-X-BillingPeriod"],
    ],
    [
      "a currency in lower case",
      { ...usageRow, BillingCurrency: "usd" },
      ["BillingCurrency-C-003-M", "BillingCurrency-C-006-M"],
    ],
    ["an invoice in tokens", { ...usageRow, BillingCurrency: "Token" }, ["BillingCurrency-C-006-M"]],
    ["a unit in lower case", { ...usageRow, ConsumedUnit: "hours" }, ["ConsumedUnit-C-003-O"]],
    ["a unit that is spelt out", { ...usageRow, PricingUnit: "Gigabytes" }, ["PricingUnit-C-003-O"]],
    ["an unknown category", { ...taxRow, ChargeCategory: "Taxes" }, ["ChargeCategory-C-003-M"]],
    [
      "a service category in other words",
      { ...usageRow, ServiceCategory: "Database" },
      ["ServiceCategory-C-003-M", "ServiceSubcategory-C-004-M"],
    ],
    [
      "a subcategory of another category",
      { ...usageRow, ServiceSubcategory: "Object Storage" },
      ["ServiceSubcategory-C-004-M"],
    ],
    ["a blank name", { ...usageRow, SubAccountName: "  " }, ["SubAccountName-C-002-M"]],
    ["bytes that were no text", { ...usageRow, ResourceName: "caf\uFFFD" }, ["ResourceName-C-002-M"]],
    ["tags that are no JSON", { ...usageRow, Tags: "team=web" }, ["Tags-C-001-M"]],
    ["a tag whose value is an object", { ...usageRow, Tags: '{"a": {"b": 1}}' }, ["Tags-C-001-M"]],
    ["a tag twice", { ...usageRow, Tags: '{"a": 1, "a": 2}' }, ["Tags-X-UniqueKeys"]],
    [
      "a price detail of one's own without prefix",
      { ...usageRow, SkuPriceDetails: '{"vCPU": 2}' },
      ["SkuPriceDetails-C-017-C"],
    ],
    ["a negative price", { ...usageRow, ListUnitPrice: "-0.12", ListCost: "-1.2" }, ["ListUnitPrice-C-008-M"]],
    ["a cost that is not price times quantity", { ...usageRow, ...price, ListCost: "1.21" }, ["ListCost-C-009-C"]],
    [
      "a name without its account",
      { ...usageRow, SubAccountId: null },
      ["SubAccountName-C-004-C", "SubAccountType-C-004-C"],
    ],
    [
      "a commitment without status",
      { ...coveredRow, CommitmentDiscountStatus: null },
      ["CommitmentDiscountStatus-C-004-C"],
    ],
    [
      "a status without commitment",
      { ...usageRow, CommitmentDiscountStatus: "Used", PricingCategory: "Committed" },
      ["CommitmentDiscountStatus-C-003-C"],
    ],
    [
      "covered usage at the standard price",
      { ...coveredRow, PricingCategory: "Standard" },
      ["PricingCategory-C-009-C"],
    ],
    [
      "unused commitment that consumed something",
      { ...unused, ConsumedQuantity: "1", ConsumedUnit: "Hours" },
      ["ConsumedQuantity-C-004-C"],
    ],
    [
      "usage that consumed nothing known",
      { ...usageRow, ConsumedQuantity: null, ConsumedUnit: null },
      ["ConsumedQuantity-C-006-C"],
    ],
    [
      "a commitment bought at effective cost",
      { ...purchase, EffectiveCost: "0.00000000000000000000000001" },
      ["EffectiveCost-C-005-C"],
    ],
    ["a commitment bought as committed", { ...purchase, PricingCategory: "Committed" }, ["PricingCategory-X-Purchase"]],
    ["a purchase by usage", { ...purchase, ChargeFrequency: "Usage-Based" }, ["ChargeFrequency-C-004-C"]],
    ["tax with a SKU", { ...taxRow, SkuId: "SKU1", SkuMeter: "Tax" }, ["SkuId-C-004-C"]],
    [
      "an idle reservation without id",
      { ...usageRow, CapacityReservationStatus: "Unused" },
      ["CapacityReservationStatus-C-003-C", "CapacityReservationId-C-005-C"],
    ],
  ])("%s", async (_, row, expected) => {
    expect((await failures(row)).sort()).toEqual([...expected].sort());
  });
});

describe("conditions are null-safe", () => {
  it("asks a row with an empty ChargeClass for its price: no correction is not unknown", async () => {
    expect(await failures({ ...usageRow, ListUnitPrice: null })).toEqual(["ListUnitPrice-C-005-C"]);
  });

  it("exempts a correction from price, quantity and product", async () => {
    const correction = {
      ...usageRow,
      ChargeClass: "Correction",
      ListUnitPrice: null,
      ConsumedQuantity: null,
      ConsumedUnit: null,
      ContractedCost: "-5",
    };
    expect(await failures(correction)).toEqual([]);
  });

  it("reads a condition's column that the file lacks as empty", async () => {
    const { ChargeClass: _, ...withoutClass } = usageRow;
    expect(await failures({ ...withoutClass, ListUnitPrice: null })).toEqual([
      "CostAndUsage-D-026-M",
      "ListUnitPrice-C-005-C",
    ]);
  });
});

describe("rules of all rows together", () => {
  it("finds a SkuPriceId of two SKUs, with both and the number of rows", async () => {
    const conformance = await checkRows(
      [usageRow, { ...usageRow, SkuId: "SKU2" }, { ...usageRow, SkuPriceId: "P2" }],
      ownRules(),
    );
    const result = conformance.results.find(({ ruleId }) => ruleId === "SkuPriceId-C-008-M");
    expect(result).toMatchObject({
      status: "failed",
      rows: "2",
      examples: [
        { values: { SkuPriceId: "SKU1.P1", SkuId: "SKU1" } },
        { values: { SkuPriceId: "SKU1.P1", SkuId: "SKU2" } },
      ],
    });
  });

  it("names columns that are neither FOCUS nor prefixed", async () => {
    const conformance = await checkRows([{ ...usageRow, x_Team: "web", Team: "web" }], ownRules());
    expect(failedRules(conformance)).toEqual(["ColumnHandling-A-010-M"]);
    expect(conformance.results.find((result) => result.status === "failed")?.examples).toEqual([
      { values: { column: "Team" } },
    ]);
  });
});

describe("columns that a file lacks", () => {
  const without = (...columns: string[]) =>
    Object.fromEntries(Object.entries(usageRow).filter(([column]) => !columns.includes(column)));

  it("fail where they are mandatory, and their other rules are not checkable", async () => {
    const conformance = await checkRows([without("PricingQuantity")], ownRules());
    expect(failedRules(conformance)).toEqual(["CostAndUsage-D-036-M"]);
    expect(conformance.results.find(({ ruleId }) => ruleId === "PricingQuantity-C-001-M")?.status).toBe(
      "not-checkable",
    );
  });

  it("are not asked of a provider without sub accounts", async () => {
    const conformance = await checkRows([without("SubAccountId", "SubAccountName", "SubAccountType")], ownRules());
    expect(failedRules(conformance)).toEqual([]);
    expect(conformance.results.find(({ ruleId }) => ruleId === "CostAndUsage-D-019-C")?.status).toBe("not-applicable");
  });

  it("are asked of one that delivers only half of a group, or that is said to have it", async () => {
    expect(failedRules(await checkRows([without("SubAccountName")], ownRules()))).toContain("CostAndUsage-D-029-C");
    const all = await checkRows([without("SubAccountId", "SubAccountName", "SubAccountType")], ownRules(), {
      applicability: "all",
    });
    expect(failedRules(all)).toEqual(
      expect.arrayContaining(["CostAndUsage-D-019-C", "CostAndUsage-D-029-C", "CostAndUsage-D-067-C"]),
    );
  });
});

describe("the report", () => {
  it("shows at most three rows with the cells that the rule reads, and counts all", async () => {
    const bad = { ...usageRow, ListUnitPrice: null };
    const conformance = await checkRows([bad, bad, bad, bad, usageRow], ownRules());
    const result = conformance.results.find((candidate) => candidate.status === "failed");
    expect(result).toMatchObject({ ruleId: "ListUnitPrice-C-005-C", rows: "4", keyword: "MUST NOT" });
    expect(result?.examples).toEqual(
      Array(3).fill({ values: { ChargeCategory: "Usage", ChargeClass: null, ListUnitPrice: null } }),
    );
    expect(conformance.score).toBe("99.6");
  });

  it("knows the columns of 1.3, such as a service provider that may not be empty", async () => {
    const row = { ...usageRow, ServiceProviderName: null, HostProviderName: null };
    const conformance = await checkRows([row], ownRules());
    expect(conformance.version).toBe("1.3");
    expect(failedRules(conformance)).toEqual(["ServiceProviderName-X-NotNull"]);
  });
});
