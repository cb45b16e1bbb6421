import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkFile } from "./check-file.ts";
import { failedRules, type Row, taxRow, usageRow, withConnection } from "./testing.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finops-check-"));
});
afterAll(() => rm(folder, { recursive: true }));

function csv(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: string | null | undefined) =>
    value === null || value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
  return [columns.join(","), ...rows.map((row) => columns.map((column) => cell(row[column])).join(","))].join("\n");
}

describe("a file is checked as it is written", () => {
  const rows = [usageRow, { ...usageRow, ChargeDescription: "two\nlines", ListUnitPrice: null }, taxRow];

  it("as csv, with the number of the row that breaks a rule", async () => {
    await writeFile(join(folder, "bill.csv"), `\uFEFF${csv(rows)}`);
    const conformance = await checkFile(join(folder, "bill.csv"));
    expect(conformance).toMatchObject({ version: "1.2", rowsChecked: "3", failed: 1 });
    expect(conformance.results.find(({ status }) => status === "failed")).toMatchObject({
      ruleId: "ListUnitPrice-C-005-C",
      examples: [{ row: "2", values: { ListUnitPrice: null, ChargeCategory: "Usage" } }],
    });
  });

  it("as csv.gz", async () => {
    await writeFile(join(folder, "bill.csv.gz"), gzipSync(csv(rows)));
    expect(failedRules(await checkFile(join(folder, "bill.csv.gz")))).toEqual(["ListUnitPrice-C-005-C"]);
  });

  it("as parquet, where types are those of the file", async () => {
    await writeFile(join(folder, "typed.csv"), csv(rows));
    await withConnection((connection) =>
      connection.run(`
      COPY (SELECT * REPLACE (BillingPeriodStart::TIMESTAMP AS BillingPeriodStart, BilledCost::DECIMAL(38, 10) AS BilledCost,
                              BillingAccountId::BIGINT AS BillingAccountId, json_transform(Tags, '"MAP(VARCHAR, VARCHAR)"') AS Tags)
            FROM read_csv('${join(folder, "typed.csv")}', all_varchar = true, nullstr = '')) TO '${join(folder, "bill.parquet")}'`),
    );
    const conformance = await checkFile(join(folder, "bill.parquet"));
    expect(failedRules(conformance)).toEqual(["BillingAccountId-C-002-M", "ListUnitPrice-C-005-C"]);
    expect(conformance.results.find(({ ruleId }) => ruleId === "ListUnitPrice-C-005-C")?.examples[0]?.row).toBe("2");
  });

  it("and not touched by the text null, which is an empty cell", async () => {
    await writeFile(
      join(folder, "null.csv"),
      csv([{ ...usageRow, AvailabilityZone: "NULL", CommitmentDiscountStatus: "null" }]),
    );
    expect(failedRules(await checkFile(join(folder, "null.csv")))).toEqual([]);
  });

  it("and may have a header only", async () => {
    await writeFile(join(folder, "empty.csv"), `${Object.keys(usageRow).join(",")}\n`);
    expect(await checkFile(join(folder, "empty.csv"))).toMatchObject({ rowsChecked: "0", failed: 0 });
  });
});

describe("a file that cannot be checked", () => {
  it("is said to be missing", async () => {
    await expect(checkFile(join(folder, "nowhere.csv"))).rejects.toMatchObject({ code: "not_found" });
  });

  it("is said to be no table", async () => {
    await writeFile(join(folder, "broken.parquet"), "not a parquet file");
    await expect(checkFile(join(folder, "broken.parquet"))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("cannot be read as a table"),
    });
    await writeFile(join(folder, "broken.csv.gz"), gzipSync(csv([usageRow])).subarray(0, 200));
    await expect(checkFile(join(folder, "broken.csv.gz"))).rejects.toMatchObject({ code: "invalid" });
  });
});

const data = process.env["FINOPS_ACCEPTANCE_DATA"] ?? "../shared/data";

describe.skipIf(!existsSync(data))("the sample files", () => {
  it("of 1.3 follow the specification", async () => {
    for (const cloud of ["aws", "azure", "gcp"]) {
      const conformance = await checkFile(`${data}/bills/focus-1.3/${cloud}_1_3_rows100.csv`);
      expect([conformance.version, failedRules(conformance)]).toEqual(["1.3", []]);
    }
  });

  it("of 1.0 have the faults that can be seen in them, and no other", async () => {
    const conformance = await checkFile(`${data}/bills/focus-1.0/focus_sample.csv`);
    expect(conformance.version).toBe("1.0");
    const counts = Object.fromEntries(
      conformance.results.filter(({ status }) => status === "failed").map(({ ruleId, rows }) => [ruleId, rows]),
    );
    expect(counts).toEqual({
      "BillingPeriodEnd-C-002-M": "1000",
      "BillingPeriodStart-C-002-M": "1000", // times without T and Z
      "ChargePeriodEnd-C-002-M": "1000",
      "ChargePeriodStart-C-002-M": "1000",
      "ChargeFrequency-C-003-M": "7", // Usage-based
      "ConsumedUnit-C-003-O": "3",
      "PricingUnit-C-003-O": "3", // vCPU-Hours
      "ContractedCost-C-003-M": "7",
      "ContractedUnitPrice-C-006-C": "5",
      "PricingCategory-C-004-C": "5",
      "SkuPriceId-C-005-C": "5", // Oracle's
      "RegionName-C-004-C": "7",
      "RegionName-C-005-C": "2",
      "ResourceType-C-004-C": "36",
      "ResourceType-C-005-C": "752",
      "ContractedUnitPrice-C-009-C": "1", // -3
      "ConsumedQuantity-C-004-C": "2", // on an adjustment
      "ListCost-C-009-C": "25",
      "ContractedUnitPrice-C-011-C": "17",
      "ColumnHandling-A-010-M": "0", // the column Id
      "ServiceName-C-005-C": "554", // Amazon Elastic Compute Cloud, once as Compute and once as Storage
    });
  });

  it.each([
    ["commitment_discount_usage_scenario_1.csv", []],
    ["commitment_discount_usage_scenario_2.csv", []],
    ["commitment_discount_usage_scenario_3.csv", []],
    ["commitment_discount_usage_scenario_4.csv", []],
    ["commitment_discount_purchase_scenario_1.csv", []],
    // Its recurring purchases end at hour 30 of a day.
    ["commitment_discount_purchase_scenario_3.csv", ["ChargePeriodEnd-C-001-M", "ChargePeriodEnd-C-002-M"]],
  ])("of the specification are excerpts: %s lacks columns, and else has %j", async (file, expected) => {
    const failed = failedRules(await checkFile(`${data}/focus-spec/${file}`));
    expect(failed.filter((ruleId) => !ruleId.startsWith("CostAndUsage-D-"))).toEqual(expected);
  });
});
