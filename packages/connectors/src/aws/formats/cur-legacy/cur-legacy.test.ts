import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { csvText } from "../../../testing/csv-text.ts";
import { runMapping } from "../../../testing/run-mapping.ts";
import { hasSampleBills, readHeader, sampleBill, sumOf, sumOfColumn } from "../../../testing/sample-bills.ts";
import { awsFormats } from "../../formats.ts";
import { curLegacy } from "./cur-legacy.ts";

const header = (...names: string[]) => ({
  fileName: "bill.csv",
  container: "csv" as const,
  columns: names.map((name) => ({ name, type: "VARCHAR" })),
  sample: [],
});

it("is recognised by its columns, with slashes in a CSV and in snake case for Athena", () => {
  expect(
    curLegacy.detect(
      header("identity/LineItemId", "lineItem/LineItemType", "lineItem/UnblendedCost", "lineItem/ProductCode"),
    )?.confidence,
  ).toBeGreaterThan(0.9);
  expect(
    curLegacy.detect(
      header("bill_bill_type", "line_item_line_item_type", "line_item_unblended_cost", "line_item_product_code"),
    )?.confidence,
  ).toBeGreaterThan(0.9);
  expect(curLegacy.detect(header("BilledCost", "EffectiveCost", "x_Operation"))).toBeNull();
});

it("keeps a user's tags under their keys, and marks AWS's tags and cost categories", async () => {
  const line = {
    "lineItem/LineItemType": "Usage",
    "lineItem/UnblendedCost": "1",
    "lineItem/CurrencyCode": "USD",
    "lineItem/ProductCode": "AmazonS3",
    "bill/PayerAccountId": "1",
    "bill/BillingPeriodStartDate": "2026-08-01T00:00:00Z",
    "bill/BillingPeriodEndDate": "2026-09-01T00:00:00Z",
    "lineItem/UsageStartDate": "2026-08-01T00:00:00Z",
    "lineItem/UsageEndDate": "2026-08-02T00:00:00Z",
  };
  const tagged = {
    ...line,
    "resourceTags/user:Team": 'web "front"',
    "resourceTags/user:Unused": "",
    "resourceTags/aws:createdBy": "Root",
    "costCategory/Unit": "Shop",
  };
  const [row] = await runMapping(curLegacy, [{ csv: csvText([tagged]) }]);
  expect(JSON.parse(row!.Tags!)).toEqual({ Team: 'web "front"', "aws:createdBy": "Root", "costCategory/Unit": "Shop" });

  const snake = Object.fromEntries(
    Object.entries(line).map(([name, value]) => [
      name
        .replace(/([A-Z])/g, "_$1")
        .replace("/", "")
        .toLowerCase(),
      value,
    ]),
  );
  const [athena] = await runMapping(curLegacy, [
    {
      csv: csvText([
        {
          ...snake,
          resource_tags_user_cost_center: "7",
          resource_tags_aws_created_by: "Root",
          cost_category_unit: "Shop",
        },
      ]),
    },
  ]);
  expect(JSON.parse(athena!.Tags!)).toEqual({
    cost_center: "7",
    "aws:created_by": "Root",
    "costCategory/unit": "Shop",
  });
  expect(athena!.BilledCost).toBe("1");
});

describe.skipIf(!hasSampleBills)("sample bills", () => {
  const cur = sampleBill("bills/aws-cur-legacy/cur_legacy_sample.csv");

  it("map in full, to the cost that their text adds up to", async () => {
    const rows = await runMapping(curLegacy, [{ path: cur }]);
    expect(rows).toHaveLength(1281);
    expect(rows.filter((row) => row._rejected !== null || row._dropped !== null || row._rule !== null)).toEqual([]);
    const expected = await sumOfColumn(cur, "lineItem/UnblendedCost");
    expect(sumOf(rows, "BilledCost").toFixed()).toBe(expected.toFixed());
    expect(sumOf(rows, "EffectiveCost").toFixed()).toBe(expected.toFixed());
    for (const column of [
      "BillingCurrency",
      "BillingPeriodStart",
      "BillingPeriodEnd",
      "ChargePeriodStart",
      "ChargePeriodEnd",
      "ChargeCategory",
      "ServiceName",
      "ServiceCategory",
    ])
      expect(rows.filter((row) => row[column] === null)).toEqual([]);
    expect(rows.filter((row) => row.ServiceCategory === "Other")).toEqual([]);
  });

  it("of other providers are not taken for AWS's", async () => {
    for (const folder of readdirSync(sampleBill("bills"))) {
      for (const file of readdirSync(sampleBill(join("bills", folder)))) {
        const found = awsFormats
          .map((format) => format.detect.bind(format))
          .map(async (detect) => detect(await readHeader(sampleBill(join("bills", folder, file)))));
        const detections = (await Promise.all(found)).filter((detection) => detection !== null);
        expect([file, detections.length]).toEqual([file, folder === "aws-cur-legacy" ? 1 : 0]);
      }
    }
  });
});
