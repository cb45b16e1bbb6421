import { findServiceCategory } from "@finops/focus/service-categories";
import { parseDecimal } from "@finops/kernel/decimal";
import { describe, expect, it } from "vitest";
import { runMapping, type MappedRow } from "../../../testing/run-mapping.ts";
import { hasSampleBills, readHeader, sampleBill, sumOf, sumOfColumn } from "../../../testing/sample-bills.ts";
import { ociServices } from "../../services.ts";
import { ociCostReport } from "./format.ts";

const tenancy = "ocid1.tenancy.oc1..aaaa";

/** A database hour in San Jose; a test states what differs. */
const databaseHour: Record<string, string> = {
  "lineItem/referenceNo": "7108a1",
  "lineItem/tenantId": tenancy,
  "lineItem/intervalUsageStart": "2026-05-13T10:00Z",
  "lineItem/intervalUsageEnd": "2026-05-13T11:00:00Z",
  "product/service": "DATABASE",
  "product/compartmentId": "ocid1.compartment.oc1..bbbb",
  "product/compartmentName": "shop",
  "product/region": "us-sanjose-1",
  "product/availabilityDomain": "sj-1",
  "product/resourceId": "ocid1.autonomousdatabase.oc1.us-sanjose-1.anzw",
  "usage/billedQuantity": "0.083333333333000000",
  "usage/billedQuantityOverage": "",
  "cost/subscriptionId": "ocid1.organizationssubscription.oc1.us-sanjose-1.amaa",
  "cost/productSku": "B92911",
  "product/Description": "Oracle APEX Application Development",
  "cost/unitPrice": "0.147171330000000000",
  "cost/unitPriceOverage": "",
  "cost/myCost": "0.012264277499950943",
  "cost/myCostOverage": "",
  "cost/currencyCode": "USD",
  "cost/billingUnitReadable": "1 NONE HOURS INSTANCE",
  "cost/skuUnitDescription": "Hours",
  "cost/overageFlag": "false",
  "lineItem/isCorrection": "false",
  "lineItem/backreferenceNo": "17053",
};

async function mapped(...rows: Record<string, string>[]): Promise<MappedRow[]> {
  const full = rows.map((row, at) => ({ ...databaseHour, "lineItem/referenceNo": String(at), ...row }));
  const names = [...new Set(full.flatMap((row) => Object.keys(row)))];
  const csv = [names, ...full.map((row) => names.map((name) => (row as Record<string, string>)[name] ?? ""))]
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
    .join("\n");
  const reference = (row: MappedRow) => JSON.parse(row["_extras"]!)["x_ReferenceNumber"] as string;
  return (await runMapping(ociCostReport, [{ csv }])).toSorted((a, b) => reference(a).localeCompare(reference(b)));
}

describe("a line", () => {
  it("keeps all eighteen decimals and every name", async () => {
    const [row] = await mapped({});
    expect(row).toMatchObject({
      BilledCost: "0.012264277499950943",
      EffectiveCost: "0.012264277499950943",
      ContractedCost: "0.012264277499950943",
      ContractedUnitPrice: "0.147171330000000000",
      PricingQuantity: "0.083333333333000000",
      PricingUnit: "Hours",
      ConsumedUnit: "Hours",
      BillingCurrency: "USD",
      BillingAccountId: "ocid1.organizationssubscription.oc1.us-sanjose-1.amaa",
      BillingAccountType: "Subscription",
      SubAccountName: "shop",
      SubAccountType: "Compartment",
      ChargeCategory: "Usage",
      ChargeClass: null,
      ChargePeriodStart: "2026-05-13 10:00:00",
      ChargePeriodEnd: "2026-05-13 11:00:00",
      BillingPeriodStart: "2026-05-01 00:00:00",
      BillingPeriodEnd: "2026-06-01 00:00:00",
      ServiceName: "Oracle Database",
      ServiceCategory: "Databases",
      ServiceSubcategory: "Relational Databases",
      SkuId: "B92911",
      RegionName: "US West (San Jose)",
      AvailabilityZone: "sj-1",
      ResourceType: "Autonomous Database",
      _rejected: null,
      _rule: null,
      _raw_cost: "0.012264277499950943",
    });
    expect(Object.keys(row!)).not.toContain("ListCost");
  });

  it("bills the overage once: myCost includes what myCostOverage repeats", async () => {
    const [row] = await mapped({
      "cost/myCost": "12.5",
      "cost/myCostOverage": "2.5",
      "usage/billedQuantityOverage": "1",
      "cost/unitPriceOverage": "2.5",
      "cost/overageFlag": "true",
    });
    expect(row).toMatchObject({ BilledCost: "12.5", _raw_cost: "12.5" });
    expect(JSON.parse(row!["_extras"]!)).toMatchObject({
      x_IsOverage: "true",
      x_OverageCost: "2.5",
      x_OverageQuantity: "1",
      x_OverageUnitPrice: "2.5",
    });
  });

  it("marks a correction with the line that it corrects, and ignores the number that other lines have there", async () => {
    const rows = await mapped(
      {},
      { "lineItem/isCorrection": "true", "lineItem/backreferenceNo": "7108a1", "cost/myCost": "-4.6E-7" },
    );
    expect(
      rows.map((row) => [row["ChargeClass"], row["BilledCost"], JSON.parse(row["_extras"]!)["x_CorrectedReference"]]),
    ).toEqual([
      [null, "0.012264277499950943", undefined],
      ["Correction", "-4.6E-7", "7108a1"],
    ]);
  });

  it("gathers the tag columns that have a value, backslashes and all", async () => {
    const [row] = await mapped({
      "tags/Oracle-Tags.CreatedBy": "default/ann@acme.example",
      "tags/DevRel\\lab.release": "1.0",
      "tags/Empty.One": "",
    });
    expect(JSON.parse(row!["Tags"]!)).toEqual({
      "Oracle-Tags.CreatedBy": "default/ann@acme.example",
      "DevRel\\lab.release": "1.0",
    });
  });

  it("files an unknown service under Other with its own name, and a resource without OCID under its service", async () => {
    const [row, metric] = await mapped(
      { "product/service": "NEW_THING" },
      { "product/service": "TELEMETRY", "product/resourceId": "oci_vcn" },
    );
    expect(row).toMatchObject({
      ServiceName: "NEW_THING",
      ServiceCategory: "Other",
      ServiceSubcategory: "Other (Other)",
    });
    expect(metric).toMatchObject({
      ServiceName: "Monitoring",
      ServiceSubcategory: "Observability",
      ResourceId: "oci_vcn",
      ResourceType: "Monitoring",
    });
  });

  it("rejects a line without a cost, and a correction flag that is neither true nor false", async () => {
    const rows = await mapped({ "cost/myCost": "" }, { "lineItem/isCorrection": "maybe" });
    expect(rows.map((row) => row["_rejected"])).toEqual([
      "cost/myCost is empty in line 0.",
      "lineItem/isCorrection is maybe, not true or false.",
    ]);
  });
});

it("files every service in a pair of category and subcategory that FOCUS knows, once per code, and a name in one category", () => {
  expect(ociServices.filter(([, , category, subcategory]) => findServiceCategory(subcategory) !== category)).toEqual(
    [],
  );
  expect(new Set(ociServices.map(([code]) => code)).size).toBe(ociServices.length);
  const subcategories = new Map(ociServices.map(([, name, , subcategory]) => [name, subcategory]));
  expect(ociServices.filter(([, name, , subcategory]) => subcategories.get(name) !== subcategory)).toEqual([]);
});

describe.skipIf(!hasSampleBills)("the sample bill", () => {
  const path = sampleBill("bills/oci-cost/oci_cost_report.csv");

  it("costs to the eighteenth decimal what its cost column adds up to", async () => {
    const rows = await runMapping(ociCostReport, [{ path }]);
    expect(rows).toHaveLength(506);
    expect(rows.filter((row) => row["_rejected"] !== null || row["ServiceCategory"] === "Other")).toEqual([]);
    const raw = await sumOfColumn(path, "cost/myCost");
    expect(raw.toString()).toBe("2.523589325400648027");
    expect(sumOf(rows, "BilledCost").toString()).toBe(raw.toString());
    expect(sumOf(rows, "EffectiveCost").toString()).toBe(raw.toString());
    expect(rows.every((row) => parseDecimal(row["BilledCost"]!).equals(parseDecimal(row["_raw_cost"]!)))).toBe(true);
  });

  it("is recognised, and no other bill is taken for it", async () => {
    expect(ociCostReport.detect(await readHeader(path))?.confidence).toBeGreaterThan(0.9);
    const taken = await Promise.all(
      otherBills.map(async (other) => ociCostReport.detect(await readHeader(sampleBill(other)))),
    );
    expect(taken.filter((detection) => detection !== null)).toEqual([]);
  });
});

const otherBills = [
  "bills/aws-cur-legacy/cur_legacy_sample.csv",
  "bills/azure-cost/EA_ActualCost_Small.csv",
  "bills/azure-cost/ea_export_sample.csv",
  "bills/focus-1.0/focus_sample.csv",
  "bills/focus-1.2/aws_1_2_rows100.csv",
  "bills/focus-1.3/gcp_1_3_contract_commitment.csv",
  "bills/gcp-billing/gcp_2022-08-01_5.csv",
];
