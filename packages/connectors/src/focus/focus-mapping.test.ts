import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { missingColumns } from "../render-mapping.ts";
import { csvText, leastFocusRow } from "../testing/csv-text.ts";
import { hasSampleBills, readHeader, sampleBill, sumOf, sumOfColumn } from "../testing/sample-bills.ts";
import { runMapping, type MappedRow } from "../testing/run-mapping.ts";
import { focusFormat } from "./focus-format.ts";

const focusCsv = (...rows: Record<string, string>[]): string =>
  csvText(rows.map((row) => ({ ...leastFocusRow, ...row })));
const mapped = (...rows: Record<string, string>[]): Promise<MappedRow[]> =>
  runMapping(focusFormat, [{ csv: focusCsv(...rows) }]);
const header = (...names: string[]) => ({
  fileName: "bill.csv",
  container: "csv" as const,
  columns: names.map((name) => ({ name, type: "VARCHAR" })),
  sample: [],
});
const notes = (...names: string[]) =>
  focusFormat.mapping(header("BilledCost", "EffectiveCost", "ChargeCategory", "ChargePeriodStart", ...names)).notes;

describe("versions", () => {
  it("takes ProviderName for the service provider and, for want of a host, for the host, never PublisherName", async () => {
    const [row] = await mapped({ ProviderName: "Nile Web Services", PublisherName: "Acme Software" });
    expect(row).toMatchObject({
      ProviderName: "Nile Web Services",
      PublisherName: "Acme Software",
      ServiceProviderName: "Nile Web Services",
      HostProviderName: "Nile Web Services",
    });
  });

  it("keeps the host of 1.3 apart from who sells", async () => {
    const [row] = await mapped({
      ProviderName: "SaaSy",
      PublisherName: "SaaSy",
      ServiceProviderName: "SaaSy",
      HostProviderName: "Nile Web Services",
    });
    expect(row).toMatchObject({ ProviderName: "SaaSy", HostProviderName: "Nile Web Services" });
  });

  it("gives a 1.4 file, which has no ProviderName, the name of its service provider", async () => {
    const [row] = await mapped({
      ServiceProviderName: "SaaSy",
      HostProviderName: "Nile Web Services",
      InvoiceDetailId: "7",
    });
    expect(row).toMatchObject({
      ProviderName: "SaaSy",
      PublisherName: "SaaSy",
      HostProviderName: "Nile Web Services",
      InvoiceDetailId: "7",
    });
  });

  it("says which column was derived from which", () => {
    expect(notes("ProviderName", "PublisherName")?.join(" ")).toMatch(
      /Read as FOCUS 1.0.*HostProviderName is taken from ProviderName/,
    );
  });

  it("leaves what 1.0 did not have unknown", async () => {
    const [row] = await mapped({ ProviderName: "AWS" });
    expect(row).toMatchObject({
      InvoiceId: null,
      BillingAccountType: null,
      SubAccountType: null,
      PricingCurrency: null,
      CommitmentDiscountQuantity: null,
      SkuMeter: null,
      ServiceSubcategory: null,
    });
  });

  it("reads the names of the preview before 1.0", async () => {
    const csv = focusCsv({
      AmortizedCost: "2",
      ChargeType: "Usage",
      Region: "eu-west-1",
      UsageQuantity: "3",
      UsageUnit: "Hours",
      PricingCategory: "On-Demand",
    });
    const old = csv.replace("EffectiveCost", "x_Unused");
    const [row] = await runMapping(focusFormat, [{ csv: old }]);
    expect(row).toMatchObject({
      EffectiveCost: "2",
      RegionId: "eu-west-1",
      ConsumedQuantity: "3",
      ConsumedUnit: "Hours",
      PricingCategory: "Standard",
    });
  });
});

describe("values", () => {
  it("reads NULL written as a word, times without Z or seconds, and exponents as they are", async () => {
    const rows = await mapped({
      InvoiceId: "NULL",
      ResourceId: "null",
      BilledCost: "35.2E-7",
      ChargePeriodStart: "2026-05-02 10:00:00",
      ChargePeriodEnd: "2026-05-02T11:00Z",
    });
    expect(rows[0]).toMatchObject({
      InvoiceId: null,
      ResourceId: null,
      BilledCost: "35.2E-7",
      _raw_cost: "35.2E-7",
      ChargePeriodStart: "2026-05-02 10:00:00",
      ChargePeriodEnd: "2026-05-02 11:00:00",
      BillingPeriodEnd: "2026-06-01 00:00:00",
    });
  });

  it("repairs the spelling of allowed values and says on how many rows, with no cost moved", async () => {
    const rows = await mapped(
      { ChargeFrequency: "Usage-based" },
      { ChargeFrequency: "Usage-Based" },
      { ChargeFrequency: "Sometimes" },
      { ChargeCategory: "usage" },
    );
    expect(rows.map((row) => [row["ChargeFrequency"], row["ChargeCategory"], row["_rule"]])).toEqual([
      ["Usage-Based", "Usage", "spelling-repaired"],
      ["Usage-Based", "Usage", null],
      ["Sometimes", "Usage", null],
      [null, "Usage", "spelling-repaired"],
    ]);
    expect(rows.every((row) => row["BilledCost"] === row["_raw_cost"])).toBe(true);
  });

  it("rejects a charge category that FOCUS does not know, with its value", async () => {
    const [row] = await mapped({ ChargeCategory: "Gift" });
    expect(row!["_rejected"]).toBe('ChargeCategory "Gift" is none of Usage, Purchase, Tax, Credit and Adjustment.');
  });

  it("keeps columns that FOCUS does not know under x_", async () => {
    const [row] = await mapped({ Id: "11472", x_Team: "web", "Own name": 'a "b"' });
    expect(JSON.parse(row!["_extras"]!)).toEqual({ x_Id: "11472", x_Team: "web", "x_Own name": 'a "b"' });
  });

  it("finds a column however its letters are", async () => {
    const [row] = await mapped({ SkuPriceid: "P1", servicename: "Compute" });
    expect(row).toMatchObject({ SkuPriceId: "P1", ServiceName: "Compute", _extras: null });
  });

  it("tells month from day by the first of the billing period, and reads money as a spreadsheet shows it", async () => {
    const american = {
      BillingPeriodStart: "5/1/26",
      BillingPeriodEnd: "6/1/26",
      ChargePeriodStart: "5/2/26",
      ChargePeriodEnd: "5/3/26",
      BilledCost: "$10,100.00 ",
      EffectiveCost: "-$1,000,000.25",
    };
    const british = {
      ...american,
      BillingPeriodStart: "1/5/26",
      BillingPeriodEnd: "1/6/26",
      ChargePeriodStart: "2/5/26",
      ChargePeriodEnd: "3/5/26",
    };
    for (const written of [american, british]) {
      const [row] = await mapped(written);
      expect(row).toMatchObject({
        BillingPeriodStart: "2026-05-01 00:00:00",
        ChargePeriodStart: "2026-05-02 00:00:00",
        BilledCost: "10100.00",
        _raw_cost: "10100.00",
        EffectiveCost: "-1000000.25",
      });
    }
  });

  it("does not read a date that could be two days", async () => {
    const [row] = await mapped({
      BillingPeriodStart: "1/1/26",
      BillingPeriodEnd: "1/1/26",
      ChargePeriodStart: "1/2/26",
    });
    expect(row!["ChargePeriodStart"]).toBeNull();
  });
});

describe("tags", () => {
  it("reads an object, an array of keys and values, and an object without its braces; a tag without a value is true", async () => {
    const rows = await mapped(
      { Tags: '{"team": "web", "n": 1}' },
      { Tags: '[{"key":"team","value":"web"},{"key":"spot","value":null},{"key":"team","value":"later"}]' },
      { Tags: '"team": "web"' },
      { Tags: "[]" },
    );
    expect(rows.map((row) => JSON.parse(row["Tags"]!))).toEqual([
      { team: "web", n: 1 },
      { team: "web", spot: true },
      { team: "web" },
      {},
    ]);
  });

  it("keeps a text that is no JSON as an extra", async () => {
    const [row] = await mapped({ Tags: "team=web" });
    expect([row!["Tags"], row!["_extras"]]).toEqual([null, '{"x_Tags":"team=web"}']);
  });

  it("reads parquet maps, lists of structs, decimals, doubles and timestamps", async () => {
    const folder = await mkdtemp(join(tmpdir(), "finops-focus-"));
    const path = join(folder, "bill.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const columns = (
      tags: string,
    ) => `SELECT 0.1::DOUBLE AS BilledCost, 0.12345678901::DECIMAL(20,11) AS EffectiveCost, 'USD' AS BillingCurrency, 'Usage' AS ChargeCategory,
      TIMESTAMP '2026-05-01' AS BillingPeriodStart, TIMESTAMP '2026-06-01' AS BillingPeriodEnd, TIMESTAMPTZ '2026-05-02 01:00:00+01' AS ChargePeriodStart, DATE '2026-05-03' AS ChargePeriodEnd,
      ${tags} AS Tags, MAP {'discount': 1.5} AS x_Discounts`;
    try {
      for (const tags of ["MAP {'team': 'web'}", "[{'key': 'team', 'value': 'web'}]", "{'team': 'web'}"]) {
        await connection.run(`COPY (${columns(tags)}) TO '${path}' (FORMAT parquet)`);
        const [row] = await runMapping(focusFormat, [{ path }]);
        expect(row).toMatchObject({
          BilledCost: "0.1",
          EffectiveCost: "0.12345678901",
          ChargePeriodStart: "2026-05-02 00:00:00",
          Tags: '{"team":"web"}',
        });
        expect(JSON.parse(JSON.parse(row!["_extras"]!).x_Discounts)).toEqual({ discount: 1.5 });
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true });
    }
  });
});

describe("missing columns", () => {
  const names = [
    "BilledCost",
    "EffectiveCost",
    "ChargeCategory",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "BillingPeriodStart",
    "BillingPeriodEnd",
  ];

  it("names a required one with what may be assumed, and takes the assumption", async () => {
    const bill = header(...names);
    expect(missingColumns(focusFormat.mapping(bill), bill.columns, {})).toEqual([
      "BillingCurrency (or --assume BillingCurrency=…)",
    ]);
    const csv = focusCsv({}).replace("BillingCurrency", "x_Money");
    const [row] = await runMapping(focusFormat, [{ csv }], { BillingCurrency: "EUR", ServiceName: "Compute" });
    expect(row).toMatchObject({ BillingCurrency: "EUR", ServiceName: "Compute" });
  });

  it("says which mandatory columns stay unknown", () => {
    expect(focusFormat.mapping(header(...names, "BillingCurrency")).notes?.at(-1)).toMatch(
      /^The file lacks BillingAccountId, .*ListCost.*unknown on every row\.$/,
    );
  });
});

describe.skipIf(!hasSampleBills)("sample bills", () => {
  const bills = [
    "1.0/focus_sample",
    ...["1.2", "1.3"].flatMap((version) =>
      ["aws", "azure", "gcp"].map((cloud) => `${version}/${cloud}_${version.replace(".", "_")}_rows100`),
    ),
  ];

  it.each(bills)("keeps every digit of focus-%s.csv", async (name) => {
    const path = sampleBill(`bills/focus-${name}.csv`);
    const rows = await runMapping(focusFormat, [{ path }]);
    for (const column of [
      "BilledCost",
      "EffectiveCost",
      "ListCost",
      "ContractedCost",
      "PricingQuantity",
      "ConsumedQuantity",
    ]) {
      expect([column, sumOf(rows, column).toString()]).toEqual([column, (await sumOfColumn(path, column)).toString()]);
    }
    expect(sumOf(rows, "_raw_cost").toString()).toBe((await sumOfColumn(path, "BilledCost")).toString());
    expect(rows.filter((row) => row["BilledCost"] !== row["_raw_cost"])).toEqual([]);
    expect(
      rows.filter(
        (row) => row["_rejected"] !== null || row["ChargePeriodStart"] === null || row["BillingPeriodEnd"] === null,
      ),
    ).toEqual([]);
  });

  it("reads the Foundation's 1.0 sample: three providers, Oracle's spelling repaired, its own Id kept", async () => {
    const rows = await runMapping(focusFormat, [{ path: sampleBill("bills/focus-1.0/focus_sample.csv") }]);
    expect(rows.length).toBe(1000);
    expect(rows.filter((row) => row["_rule"] === "spelling-repaired").map((row) => row["ProviderName"])).toEqual(
      Array(7).fill("Oracle"),
    );
    expect(rows[0]).toMatchObject({
      Tags: null,
      ResourceName: null,
      ServiceProviderName: "AWS",
      _extras: '{"x_Id":"11472"}',
    });
    expect(rows.filter((row) => row["Tags"] !== null).length).toBe(711);
  });

  it("reads the specification's worked examples, spreadsheet dates and money included", async () => {
    const expected = {
      commitment_discount_usage_scenario_4: "0.50",
      zero_percent_utilization_without_commitment_discount_flexibility: "3.50",
      simple_saas_agreements_c: "35800.00",
    };
    for (const [name, billed] of Object.entries(expected)) {
      const path = sampleBill(`focus-spec/${name}.csv`);
      const rows = await runMapping(focusFormat, [{ path }], { BillingCurrency: "USD" });
      expect([name, sumOf(rows, "BilledCost").toFixed(2)]).toEqual([name, billed]);
      expect(rows.filter((row) => row["ChargePeriodStart"] === null || row["_rejected"] !== null)).toEqual([]);
    }
  });

  it("calls every FOCUS file of the shared data by its version", async () => {
    const because = async (path: string) => focusFormat.detect(await readHeader(sampleBill(path)))?.because;
    expect(await because("bills/focus-1.0/focus_sample.csv")).toMatch(/FOCUS 1\.0/);
    expect(await because("bills/focus-1.2/gcp_1_2_rows100.csv")).toMatch(/FOCUS 1\.2/);
    expect(await because("bills/focus-1.3/aws_1_3_rows100.csv")).toMatch(/FOCUS 1\.3/);
  });
});
