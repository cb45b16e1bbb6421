import { describe, expect, it } from "vitest";
import { csvText, leastFocusRow } from "../testing/csv-text.ts";
import { runMapping, type MappedRow } from "../testing/run-mapping.ts";
import { focusFormats } from "./formats.ts";

const format = (id: string) => focusFormats.find((candidate) => candidate.id === id)!;
const mapped = (id: string, ...rows: Record<string, string>[]): Promise<MappedRow[]> =>
  runMapping(format(id), [{ csv: csvText(rows.map((row) => ({ ...leastFocusRow, ...row }))) }]);

function claims(id: string, columns: readonly string[], provider: string): number | undefined {
  const names = [...Object.keys(leastFocusRow), "ProviderName", ...columns];
  const header = {
    fileName: "bill.csv",
    container: "csv" as const,
    columns: names.map((name) => ({ name, type: "VARCHAR" })),
    sample: [{ ProviderName: provider }],
  };
  return format(id).detect(header)?.confidence;
}

describe("detection", () => {
  it("knows a provider's export by two of its own columns, and leaves the same columns of another provider alone", () => {
    expect(claims("aws-focus", ["x_ServiceCode", "x_Operation"], "AWS")).toBe(0.95);
    expect(claims("aws-focus", ["x_ServiceCode"], "AWS")).toBeUndefined();
    expect(claims("azure-focus", ["x_SkuMeterId", "x_BillingProfileId"], "Microsoft")).toBe(0.95);
    expect(claims("azure-focus", ["x_SkuMeterId", "x_BillingProfileId"], "AWS")).toBeUndefined();
    expect(claims("gcp-focus", ["x_Credits", "x_CostType"], "Google Cloud")).toBe(0.95);
    expect(claims("oci-focus", ["oci_ReferenceNumber", "oci_CompartmentId"], "Oracle")).toBe(0.95);
  });

  it("leaves the rest to the generic format, which claims no provider's file more firmly than the provider", () => {
    expect(claims("focus", ["x_SkuMeterId", "x_BillingProfileId"], "Microsoft")).toBeLessThan(0.6);
  });
});

describe("AWS", () => {
  it("gives 1.0 the SkuMeter that 1.2 has, from x_UsageType, and keeps cost categories and discounts", async () => {
    const [row] = await mapped("aws-focus", {
      ProviderName: "AWS",
      x_UsageType: "BoxUsage:m5.large",
      x_ServiceCode: "AmazonEC2",
      x_CostCategories: '{"team":"web"}',
    });
    expect(row).toMatchObject({ SkuMeter: "BoxUsage:m5.large", ServiceProviderName: "AWS", _rule: null });
    expect(JSON.parse(row!["_extras"]!)).toEqual({
      x_UsageType: "BoxUsage:m5.large",
      x_ServiceCode: "AmazonEC2",
      x_CostCategories: '{"team":"web"}',
    });
  });
});

describe("Microsoft", () => {
  it("takes the effective cost off the purchase of a commitment, says so, and leaves its billed cost", async () => {
    const rows = await mapped(
      "azure-focus",
      {
        ChargeCategory: "Purchase",
        CommitmentDiscountId: "/providers/Microsoft.Capacity/R1",
        BilledCost: "700.10",
        EffectiveCost: "700.10",
      },
      {
        ChargeCategory: "Purchase",
        CommitmentDiscountId: "/providers/Microsoft.Capacity/R1",
        BilledCost: "-700.10",
        EffectiveCost: "0",
      },
      { ChargeCategory: "Purchase", BilledCost: "9", EffectiveCost: "9" },
    );
    expect(rows.map((row) => [row["BilledCost"], row["_raw_cost"], row["EffectiveCost"], row["_rule"]])).toEqual([
      ["700.10", "700.10", "0", "commitment-purchase-effective-cost"],
      ["-700.10", "-700.10", "0", null],
      ["9", "9", "9", null],
    ]);
  });

  it("takes a 0 for no price where something was charged or covered, and for a price where nothing was", async () => {
    const rows = await mapped(
      "azure-focus",
      {
        BilledCost: "0",
        EffectiveCost: "0.4",
        CommitmentDiscountStatus: "Used",
        ListCost: "0",
        ListUnitPrice: "0",
        ContractedCost: "0.00",
        ContractedUnitPrice: "0.5",
      },
      { BilledCost: "3", EffectiveCost: "3", ListCost: "0.0000", ContractedCost: "3" },
      { BilledCost: "0", EffectiveCost: "0", ListCost: "0", ContractedCost: "0" },
      { ChargeCategory: "Credit", BilledCost: "-3", EffectiveCost: "-3", ListCost: "0", ContractedCost: "0" },
    );
    expect(
      rows.map((row) => [
        row["ListCost"],
        row["ListUnitPrice"],
        row["ContractedCost"],
        row["ContractedUnitPrice"],
        row["_rule"],
      ]),
    ).toEqual([
      [null, null, null, "0.5", "zero-is-no-price"],
      [null, null, "3", null, "zero-is-no-price"],
      ["0", null, "0", null, null],
      ["0", null, "0", null, null],
    ]);
  });

  it("writes ids in small letters and fills what 1.0 kept in x_ columns", async () => {
    const [row] = await mapped("azure-focus", {
      ResourceId: "/subscriptions/A/VM",
      CommitmentDiscountId: "/Providers/X",
      x_InvoiceId: "G1",
      x_PricingCurrency: "EUR",
      x_SkuMeterName: "D2 v3",
      x_SkuMeterId: "M1",
    });
    expect(row).toMatchObject({
      ResourceId: "/subscriptions/a/vm",
      CommitmentDiscountId: "/providers/x",
      InvoiceId: "G1",
      PricingCurrency: "EUR",
      SkuMeter: "D2 v3",
    });
    expect(JSON.parse(row!["_extras"]!)).toMatchObject({ x_InvoiceId: "G1", x_SkuMeterId: "M1" });
  });

  it("reads times without seconds", async () => {
    const [row] = await mapped("azure-focus", {
      ChargePeriodStart: "2026-05-02T00:00Z",
      BillingPeriodStart: "2026-05-01T00:00Z",
    });
    expect(row).toMatchObject({ ChargePeriodStart: "2026-05-02 00:00:00", BillingPeriodStart: "2026-05-01 00:00:00" });
  });
});

describe("Google Cloud", () => {
  const view = {
    ChargeCategory: "usage",
    ChargeClass: "correction",
    PricingCategory: "committed",
    ServiceCategory: "GCP > Compute",
    ProviderName: "Google Cloud",
    BillingPeriodStart: "2026-03-01 08:00:00 UTC",
    BillingPeriodEnd: "2026-03-31 07:00:00 UTC",
    BillingAccountId: "01A",
    SubAccountId: "01A",
    Tags: '[{"key":"env","value":"prod","x_type":"label","x_inherited":false,"x_namespace":"n/a"},{"key":"env","value":"all","x_type":"project_label","x_namespace":"n/a"},{"key":"cores","value":"2","x_type":"system_label","x_namespace":"n/a"},{"key":"cc","value":"7","x_type":"tag","x_namespace":"acme"}]',
    x_Project: '{"id":"web-prod","number":"12","name":"Web"}',
    x_CostType: "regular",
  };

  it("maps the view's small letters, tags, project and last day of the month", async () => {
    const [row] = await mapped("gcp-focus", view);
    expect(row).toMatchObject({
      ChargeCategory: "Usage",
      ChargeClass: "Correction",
      PricingCategory: "Committed",
      ServiceCategory: "Other",
      ServiceSubcategory: "Other (Other)",
      BillingPeriodStart: "2026-03-01 08:00:00",
      BillingPeriodEnd: "2026-04-01 07:00:00",
      SubAccountId: "web-prod",
      SubAccountName: "Web",
      SubAccountType: "Project",
      _rule: "billing-period-end",
    });
    expect(JSON.parse(row!["Tags"]!)).toEqual({
      env: "prod",
      "project/env": "all",
      "system/cores": "2",
      "tag/acme/cc": "7",
    });
    expect(JSON.parse(row!["_extras"]!)).toMatchObject({ x_ServiceCategory: "GCP > Compute", x_CostType: "regular" });
  });

  it("leaves the native export, which follows the specification, as it is", async () => {
    const [row] = await mapped("gcp-focus", {
      ServiceCategory: "Compute",
      ServiceSubcategory: "Virtual Machines",
      SubAccountId: "web-prod",
      SubAccountType: "Project",
      BillingAccountId: "01A",
      x_ExportTime: "2026-05-03",
    });
    expect(row).toMatchObject({
      ServiceCategory: "Compute",
      ServiceSubcategory: "Virtual Machines",
      SubAccountId: "web-prod",
      BillingPeriodEnd: "2026-06-01 00:00:00",
      _rule: null,
    });
  });
});

describe("Oracle", () => {
  it("reads the names of the preview and gathers tag columns under the tags", async () => {
    const row = {
      Provider: "Oracle",
      Publisher: "Oracle",
      InvoiceIssuer: "Oracle",
      Region: "us-ashburn-1",
      UsageQuantity: "2",
      UsageUnit: "OCPU Hours",
      oci_CompartmentName: "prod",
      "tags/team": "web",
      "tags/env": "old",
      Tags: '{"env":"prod"}',
      ChargeSubcategory: "",
    };
    const [oracle] = await mapped("oci-focus", row);
    expect(oracle).toMatchObject({
      ProviderName: "Oracle",
      PublisherName: "Oracle",
      InvoiceIssuerName: "Oracle",
      ServiceProviderName: "Oracle",
      RegionId: "us-ashburn-1",
      ConsumedQuantity: "2",
      ConsumedUnit: "OCPU Hours",
    });
    expect(JSON.parse(oracle!["Tags"]!)).toEqual({ team: "web", env: "prod" });
    expect(JSON.parse(oracle!["_extras"]!)).toEqual({ x_oci_CompartmentName: "prod" });
  });
});

describe("contract commitments", () => {
  it("are known by their id, and keep promised money and quantity exactly", async () => {
    const csv = csvText([
      {
        ContractCommitmentId: "c1",
        ContractCommitmentCategory: "Spend",
        ContractCommitmentCost: "1121.840640",
        ContractCommitmentQuantity: "",
        ContractId: "k1",
        BillingCurrency: "USD",
        ContractCommitmentPeriodStart: "2026-05-01T01:00:00Z",
        ContractCommitmentPeriodEnd: "2027-05-01T01:00:00Z",
      },
    ]);
    const [row] = await runMapping(format("focus-contract-commitment"), [{ csv }]);
    expect(row).toMatchObject({
      ContractCommitmentId: "c1",
      ContractCommitmentCost: "1121.840640",
      _raw_cost: "1121.840640",
      ContractCommitmentQuantity: null,
      ContractCommitmentPeriodEnd: "2027-05-01 01:00:00",
      ContractCommitmentModel: null,
    });
  });
});
