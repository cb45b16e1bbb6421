import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { findServiceCategory } from "@finops/focus/service-categories";
import { parseDecimal, sum } from "@finops/kernel/decimal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BillHeader } from "../../../format.ts";
import { runMapping, type MappedRow } from "../../../testing/run-mapping.ts";
import { hasSampleBills, readHeader, sampleBill, sumOf, sumOfColumn } from "../../../testing/sample-bills.ts";
import { gcpServices } from "../../services.ts";
import { gcpBillingExport } from "./format.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finops-gcp-"));
});
afterAll(() => rm(folder, { recursive: true }));

type ExportRow = Record<string, unknown>;

/** An hour of a machine in Iowa, as BigQuery writes a row to JSON lines; a test states what differs. */
const machineHour: ExportRow = {
  billing_account_id: "01AAAA-BBBBBB-CCCCCC",
  service: { id: "6F81-5844-456A", description: "Compute Engine" },
  sku: { id: "2E27-4F75-95CD", description: "N1 Predefined Instance Core running in Americas" },
  usage_start_time: "2026-05-10 03:00:00 UTC",
  usage_end_time: "2026-05-10 04:00:00 UTC",
  project: { id: "web-prod", number: "12", name: "Web", labels: [], ancestry_numbers: "/1/2/", ancestors: [] },
  labels: [],
  system_labels: [],
  location: { location: "us-central1", country: "US", region: "us-central1", zone: "us-central1-a" },
  tags: [],
  cost: 1,
  currency: "USD",
  currency_conversion_rate: 1,
  usage: { amount: 3600, unit: "seconds", amount_in_pricing_units: 1, pricing_unit: "hour" },
  credits: [],
  invoice: { month: "202605" },
  cost_type: "regular",
};

const credit = (type: string | null, amount: number, name = "a credit") => ({
  id: "c-1",
  full_name: name,
  type,
  name,
  amount,
});
const commitmentFee = {
  service: { id: "6F81-5844-456A", description: "Compute Engine" },
  sku: { id: "FEE", description: "Commitment v1: Cpu in Americas for 1 Year" },
  subscription: { instance_id: "subscriptions/7" },
};
const flexFee = {
  ...commitmentFee,
  sku: { id: "FLEX", description: "Commitment - dollar based v1: GCE for 1 year" },
  consumption_model: { id: "D", description: "Default" },
};

async function jsonLines(...rows: ExportRow[]): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.jsonl`);
  await writeFile(path, rows.map((row) => `${JSON.stringify({ ...machineHour, ...row })}\n`).join(""));
  return path;
}

/** The mapped rows in the order of the given ones, which a join does not keep: the account's name carries the place. */
async function mapped(...rows: ExportRow[]): Promise<MappedRow[]> {
  const numbered = rows.map((row, at) => ({ billing_account_id: String(at).padStart(6, "0"), ...row }));
  return inOrder(await runMapping(gcpBillingExport, [{ path: await jsonLines(...numbered) }]));
}

function inOrder(rows: readonly MappedRow[]): MappedRow[] {
  return rows.toSorted((a, b) => a["BillingAccountId"]!.localeCompare(b["BillingAccountId"]!));
}

/** The rows as one compact line each: what kind of charge, and its four costs with zeros cut. */
function costs(rows: readonly MappedRow[]): string[] {
  const plain = (value: string | null | undefined) => (value == null ? "-" : parseDecimal(value).toString());
  return rows.map(
    (row) =>
      `${row["_part"]}: ${row["ChargeCategory"]} billed ${plain(row["BilledCost"])} effective ${plain(row["EffectiveCost"])} list ${plain(row["ListCost"])} contracted ${plain(row["ContractedCost"])}`,
  );
}

describe("credits", () => {
  it("lowers the cost of a line by its usage discounts and keeps the price before them as contracted cost", async () => {
    const rows = await mapped({
      cost: 0.1,
      cost_at_list: 0.12,
      credits: [credit("SUSTAINED_USAGE_DISCOUNT", -0.03), credit("DISCOUNT", -0.05)],
    });
    expect(costs(rows)).toEqual(["line: Usage billed 0.02 effective 0.02 list 0.12 contracted 0.1"]);
    expect(rows[0]).toMatchObject({ _rule: "credits-folded-in", _raw_cost: "0.1" });
  });

  it("makes a row of its own of every payment, and of a credit of an unknown type", async () => {
    const rows = await mapped({
      cost: 0.3,
      credits: [
        credit("PROMOTION", -0.1, "Free trial"),
        credit("FREE_TIER", -0.2),
        credit("SURPRISE", -0.05),
        credit(null, -0.01),
      ],
    });
    expect(costs(rows)).toEqual([
      "line: Usage billed 0.3 effective 0.3 list - contracted 0.3",
      "credit-row: Credit billed -0.1 effective -0.1 list -0.1 contracted -0.1",
      "credit-row: Credit billed -0.2 effective -0.2 list -0.2 contracted -0.2",
      "credit-row: Credit billed -0.05 effective -0.05 list -0.05 contracted -0.05",
      "credit-row: Credit billed -0.01 effective -0.01 list -0.01 contracted -0.01",
    ]);
    expect(rows[1]).toMatchObject({
      ChargeDescription: "Free trial",
      ChargeFrequency: "One-Time",
      ServiceName: "Compute Engine",
      SubAccountId: "web-prod",
      PricingQuantity: null,
      ConsumedQuantity: null,
    });
    expect(rows[1]!["_extras"]).toContain('"x_CreditType":"PROMOTION"');
  });

  it("neither loses nor invents a digit: rows sum to cost plus credits, and the bridge explains the lines that moved", async () => {
    const types = [
      "SUSTAINED_USAGE_DISCOUNT",
      "PROMOTION",
      "COMMITTED_USAGE_DISCOUNT",
      "FREE_TIER",
      "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE",
      "RESELLER_MARGIN",
    ];
    const random = randomFloats(7);
    const bill = Array.from({ length: 200 }, (_, at) => ({
      ...(at % 9 === 0 ? commitmentFee : {}),
      cost: random(),
      credits: types.slice(0, at % 7).map((type) => credit(type, -random())),
    }));
    const rows = await mapped(...bill);
    const raw = bill
      .flatMap((row) => [row.cost, ...row.credits.map((one) => one.amount)])
      .map((value) => parseDecimal(String(value)));
    expect(sumOf(rows, "BilledCost").toString()).toBe(sum(raw).toString());
    expect(sumOf(rows, "EffectiveCost").toString()).toBe(sum(raw).toString());
    expectExplained(rows);
  });
});

describe("commitments", () => {
  it("splits a fee into the purchase and its share of the month, whose use nobody states", async () => {
    const rows = await mapped(
      { ...commitmentFee, cost: 2.5 },
      { cost: 4, cost_at_list: 4, credits: [credit("COMMITTED_USAGE_DISCOUNT", -4)] },
    );
    expect(costs(rows)).toEqual([
      "line: Purchase billed 2.5 effective 0 list - contracted 2.5",
      "commitment-share: Usage billed 0 effective 2.5 list 0 contracted 0",
      "line: Usage billed 0 effective 0 list 4 contracted 4",
    ]);
    expect(rows[0]).toMatchObject({
      ChargeFrequency: "Recurring",
      PricingCategory: "Standard",
      CommitmentDiscountId: "subscriptions/7",
      CommitmentDiscountCategory: "Usage",
      CommitmentDiscountStatus: null,
      CommitmentDiscountQuantity: "1",
      CommitmentDiscountUnit: "hour",
    });
    expect(rows[1]).toMatchObject({
      PricingCategory: "Committed",
      CommitmentDiscountId: "subscriptions/7",
      CommitmentDiscountStatus: null,
    });
    expect(rows[2]).toMatchObject({
      PricingCategory: "Committed",
      CommitmentDiscountId: null,
      CommitmentDiscountCategory: null,
    });
  });

  it("takes the share as used where Google attributes the fee to a SKU", async () => {
    const rows = await mapped({
      ...flexFee,
      consumption_model: null,
      cost: 2.5,
      labels: [{ key: "goog-originating-sku-id", value: "2E27-4F75-95CD" }],
    });
    expect(rows[1]).toMatchObject({
      _part: "commitment-share",
      CommitmentDiscountStatus: "Used",
      CommitmentDiscountCategory: "Spend",
      CommitmentDiscountUnit: "USD",
    });
  });

  it("knows what was not used since fees are offset by covered usage at the committed price", async () => {
    const rows = await mapped(
      { ...flexFee, cost: 0.3, credits: [credit("FEE_UTILIZATION_OFFSET", -0.2)] },
      {
        cost: 0.2,
        cost_at_list: 0.28,
        cost_at_effective_price_default: "0.27",
        subscription: { instance_id: "subscriptions/7" },
        consumption_model: { id: "C", description: "Compute Flexible CUDs 1 Year" },
      },
    );
    expect(costs(rows)).toEqual([
      "line: Purchase billed 0.1 effective 0 list - contracted 0.3",
      "commitment-share: Usage billed 0 effective 0.1 list 0 contracted 0",
      "line: Usage billed 0.2 effective 0.2 list 0.28 contracted 0.27",
    ]);
    expect(rows.map((row) => row["CommitmentDiscountStatus"])).toEqual([null, "Unused", "Used"]);
    expect(
      rows.map((row) => row["CommitmentDiscountQuantity"]).map((value) => parseDecimal(value!).toString()),
    ).toEqual(["0.3", "0.1", "0.2"]);
    expect(rows[2]).toMatchObject({
      PricingCategory: "Committed",
      CommitmentDiscountName: "Compute Flexible CUDs 1 Year",
    });
  });

  it("makes no share of a fee that was used up, or that cost nothing", async () => {
    const rows = await mapped(
      { ...flexFee, cost: 0.3, credits: [credit("FEE_UTILIZATION_OFFSET", -0.3)] },
      { ...commitmentFee, cost: 0 },
    );
    expect(rows.map((row) => row["_part"])).toEqual(["line", "line"]);
  });

  it("leaves the commitment columns empty in the standard export, which names no commitment, and still splits the fee", async () => {
    const rows = await mapped({ ...commitmentFee, subscription: null, cost: 2.5 });
    expect(
      rows.map((row) => [
        row["ChargeCategory"],
        row["CommitmentDiscountId"],
        row["CommitmentDiscountStatus"],
        row["CommitmentDiscountQuantity"],
      ]),
    ).toEqual([
      ["Purchase", null, null, null],
      ["Usage", null, null, null],
    ]);
  });
});

describe("cost types", () => {
  it("files tax, adjustments and rounding under their categories, without prices or SKU for tax", async () => {
    const invoice = {
      service: { id: null, description: "Invoice" },
      sku: { id: "T", description: "Tax" },
      project: null,
    };
    const rows = await mapped(
      { ...invoice, cost_type: "tax" },
      { ...invoice, cost_type: "adjustment", cost: -5 },
      { ...invoice, cost_type: "rounding_error", cost: -0.004 },
    );
    expect(
      rows.map((row) => [
        row["ChargeCategory"],
        row["BilledCost"],
        row["SkuId"],
        row["PricingQuantity"],
        row["SubAccountId"],
      ]),
    ).toEqual([
      ["Tax", "1", null, null, null],
      ["Adjustment", "-5", "T", null, null],
      ["Adjustment", "-0.004", "T", null, null],
    ]);
  });

  it("marks an adjusted line as a correction, and goodwill as a credit", async () => {
    const rows = await mapped(
      {
        cost: -1,
        adjustment_info: { id: "a-1", type: "USAGE_CORRECTION", mode: "COMPLETE_NEGATION", description: "Wrong meter" },
      },
      {
        cost: -2,
        adjustment_info: { id: "a-2", type: "SLA_VIOLATION", mode: "MANUAL_ADJUSTMENT", description: "Outage" },
      },
    );
    expect(rows.map((row) => [row["ChargeCategory"], row["ChargeClass"], row["ListCost"]])).toEqual([
      ["Usage", "Correction", null],
      ["Credit", null, "-2"],
    ]);
    expect(rows[0]!["_extras"]).toContain('"x_AdjustmentDescription":"Wrong meter"');
  });

  it("rejects a cost type, a month or credits that it does not understand, with the value in the reason", async () => {
    const rows = await mapped(
      { cost_type: "gift" },
      { invoice: { month: "2026-13" } },
      { credits: "[oops" },
      { credits: [{ type: "PROMOTION", amount: "much" }] },
    );
    expect(rows.filter((row) => row["_part"] === "line").map((row) => row["_rejected"])).toEqual([
      "The cost type gift is unknown.",
      "The invoice month 2026-13 is not a month such as 202211.",
      "The credits are not a list of objects that can be read.",
      "A credit has no amount that can be read.",
    ]);
  });
});

describe("time, place and names", () => {
  it("begins the invoice month at Pacific midnight, in summer and in winter, and keeps charge periods in UTC", async () => {
    const rows = await mapped(
      {
        usage_start_time: "2026-11-01 06:00:00 UTC",
        usage_end_time: "2026-11-01 07:00:00 UTC",
        invoice: { month: "202610" },
      },
      { invoice: { month: "202611" } },
      { invoice: { month: "202603" } },
    );
    expect(rows.map((row) => [row["BillingPeriodStart"], row["BillingPeriodEnd"]])).toEqual([
      ["2026-10-01 07:00:00", "2026-11-01 07:00:00"],
      ["2026-11-01 07:00:00", "2026-12-01 08:00:00"],
      ["2026-03-01 08:00:00", "2026-04-01 07:00:00"],
    ]);
    expect(rows[0]).toMatchObject({ ChargePeriodStart: "2026-11-01 06:00:00", ChargePeriodEnd: "2026-11-01 07:00:00" });
  });

  it("agrees with the time zone database about every Pacific month from 2008 to 2040", async () => {
    const months = Array.from(
      { length: 33 * 12 },
      (_, at) => `${2008 + Math.floor(at / 12)}${String(1 + (at % 12)).padStart(2, "0")}`,
    );
    const rows = await mapped(...months.map((month) => ({ invoice: { month } })));
    const zone = new Intl.DateTimeFormat("en-CA", {
      timeZone: "America/Los_Angeles",
      dateStyle: "short",
      timeStyle: "medium",
      hourCycle: "h23",
    });
    expect(rows.map((row) => zone.format(new Date(`${row["BillingPeriodStart"]}Z`)))).toEqual(
      months.map((month) => `${month.slice(0, 4)}-${month.slice(4)}-01, 00:00:00`),
    );
  });

  it("names regions, multi-regions and resources, and knows no region for global charges", async () => {
    const resource = (name: string | null, globalName: string | null) => ({
      resource: { name, global_name: globalName },
    });
    const rows = await mapped(
      resource("vm-1", "//compute.googleapis.com/projects/p/zones/us-central1-a/instances/77"),
      { location: { location: "eu", region: null, zone: null }, ...resource("logs", null) },
      { location: { location: "global", region: null, zone: null } },
    );
    expect(
      rows.map((row) => [
        row["RegionId"],
        row["RegionName"],
        row["ResourceId"],
        row["ResourceName"],
        row["ResourceType"],
      ]),
    ).toEqual([
      [
        "us-central1",
        "Iowa",
        "//compute.googleapis.com/projects/p/zones/us-central1-a/instances/77",
        "vm-1",
        "Instance",
      ],
      ["eu", "European Union (multi-region)", "logs", "logs", "Compute Engine"],
      [null, null, null, null, null],
    ]);
  });

  it("knows a service by its id when Google renamed it, and files what it does not know under Other", async () => {
    const rows = await mapped(
      { service: { id: "29E7-DA93-CA13", description: "Renamed Functions" } },
      {
        service: { id: "FFFF-0000-0000", description: "A Vendor's Product" },
        transaction_type: "THIRD_PARTY_RESELLER",
        seller_name: "Vendor Inc.",
      },
    );
    expect(
      rows.map((row) => [row["ServiceName"], row["ServiceCategory"], row["ServiceSubcategory"], row["PublisherName"]]),
    ).toEqual([
      ["Renamed Functions", "Compute", "Serverless Compute", "Google Cloud"],
      ["A Vendor's Product", "Other", "Other (Other)", "Vendor Inc."],
    ]);
  });

  it("gathers labels under their prefixes; the nearest to the resource wins, and a label without a value is true", async () => {
    const [row] = await mapped({
      project: { id: "p", name: "P", labels: [{ key: "env", value: "shared" }] },
      labels: [
        { key: "env", value: 'prod "blue"' },
        { key: "spot", value: "" },
      ],
      system_labels: [{ key: "compute.googleapis.com/machine_spec", value: "n1-standard-1" }],
      tags: [
        { key: "cc", value: "1", inherited: true, namespace: "42" },
        { key: "cc", value: "2", inherited: false, namespace: "42" },
      ],
    });
    expect(JSON.parse(row!["Tags"]!)).toEqual({
      env: 'prod "blue"',
      spot: true,
      "tag/42/cc": "2",
      "project/env": "shared",
      "system/compute.googleapis.com/machine_spec": "n1-standard-1",
    });
    expect(row!["SkuPriceDetails"]).toBe('{"InstanceType":"n1-standard-1"}');
  });
});

describe("prices", () => {
  it("gives the price of one unit, the tier in SkuPriceId, and dollars for another currency", async () => {
    const [row] = await mapped({
      currency: "EUR",
      currency_conversion_rate: 0.8,
      cost: 4,
      cost_at_list: "5.00",
      price: {
        list_price: "5000",
        effective_price: "4000",
        pricing_unit_quantity: "1000",
        tier_start_amount: "0",
        unit: "count",
      },
    });
    expect(
      Object.fromEntries(
        ["ListUnitPrice", "ContractedUnitPrice", "PricingCurrencyListUnitPrice", "PricingCurrencyEffectiveCost"].map(
          (name) => [name, parseDecimal(row![name]!).toString()],
        ),
      ),
    ).toEqual({
      ListUnitPrice: "5",
      ContractedUnitPrice: "4",
      PricingCurrencyListUnitPrice: "6.25",
      PricingCurrencyEffectiveCost: "5",
    });
    expect(row).toMatchObject({
      SkuPriceId: "2E27-4F75-95CD/0",
      BillingCurrency: "EUR",
      PricingCurrency: "USD",
      ListCost: "5.00",
    });
  });

  it("says nothing of dollars without a rate", async () => {
    const [row] = await mapped({ currency: "EUR", currency_conversion_rate: null, price: { effective_price: "4" } });
    expect(row).toMatchObject({
      ContractedUnitPrice: "4",
      PricingCurrencyContractedUnitPrice: null,
      PricingCurrencyEffectiveCost: null,
    });
  });

  it("says nothing of a list price that the export lacks", async () => {
    const [row] = await mapped({});
    expect(row).toMatchObject({
      ListCost: null,
      ListUnitPrice: null,
      ContractedCost: "1",
      ContractedUnitPrice: null,
      SkuPriceId: "2E27-4F75-95CD",
    });
  });
});

describe("containers", () => {
  const rows: ExportRow[] = [
    {
      cost: 0.30000000000000004,
      project: {
        id: "p",
        number: "12",
        name: "P",
        labels: [{ key: "team", value: "it's ops" }],
        ancestry_numbers: "/1/",
        ancestors: [],
      },
      labels: [{ key: "env", value: "prod" }],
      credits: [
        credit("SUSTAINED_USAGE_DISCOUNT", -0.0125, "Sustained"),
        credit("PROMOTION", -0.1, 'Jane\'s "trial", 2026'),
      ],
    },
    { ...commitmentFee, cost: 2.5e-7 },
    { usage: { amount: 1.2345e-7, unit: "bytes", amount_in_pricing_units: 0, pricing_unit: "gibibyte" } },
  ];
  const full = rows.map((row, at): ExportRow => ({
    subscription: null,
    ...machineHour,
    ...row,
    billing_account_id: `01AAAA-BBBBBB-${at}`,
  }));

  it("reads parquet with nested and with flattened columns as it reads JSON lines", async () => {
    const path = await jsonLines(...full);
    const expected = await comparable([{ path }]);
    for (const [name, select] of [
      ["nested", "*"],
      ["flattened", flattened],
    ] as const) {
      const parquet = join(folder, `${name}.parquet`);
      await duckdb(`COPY (SELECT ${select} FROM read_json('${path}', format = 'newline_delimited')) TO '${parquet}'`);
      expect(await comparable([{ path: parquet }])).toEqual(expected);
    }
  });

  it("reads a CSV whose lists are JSON, and one whose lists are what Python prints, alike", async () => {
    const expected = await comparable([{ path: await jsonLines(...full) }]);
    expect(await comparable([{ csv: csv(full, (value) => JSON.stringify(value)) }])).toEqual(expected);
    expect(await comparable([{ csv: csv(full, pythonText) }])).toEqual(expected);
    // A numpy array has no commas between its elements, and NUMERIC columns come as Decimal('…').
    const numpy = (value: unknown) =>
      pythonText(value)
        .replaceAll("}, {", "}\n {")
        .replaceAll(/'amount': ([-\d.e]+)/g, "'amount': Decimal('$1')");
    expect(await comparable([{ csv: csv(full, numpy) }])).toEqual(expected);
    expect(await comparable([{ csv: csv(full, (value) => JSON.stringify(value), "_") }])).toEqual(expected);
  });

  const flattened = `* EXCLUDE (service, sku, project, location, usage, invoice, subscription), service.id AS "service.id", service.description AS "service.description", sku.id AS "sku.id", sku.description AS "sku.description",
    project.id AS "project.id", project.number AS "project.number", project.name AS "project.name", project.labels AS "project.labels", project.ancestors AS "project.ancestors", project.ancestry_numbers AS "project.ancestry_numbers",
    location.location AS "location.location", location.region AS "location.region", location.zone AS "location.zone",
    usage.amount AS "usage.amount", usage.unit AS "usage.unit", usage.amount_in_pricing_units AS "usage.amount_in_pricing_units", usage.pricing_unit AS "usage.pricing_unit", invoice.month AS "invoice.month", subscription.instance_id AS "subscription.instance_id"`;
});

describe("recognition", () => {
  const header = (...names: string[]): BillHeader => ({
    fileName: "bill.csv",
    container: "csv",
    columns: names.map((name) => ({ name, type: "VARCHAR" })),
    sample: [],
  });

  it("tells the detailed from the standard export, flattened or nested", async () => {
    const common = [
      "billing_account_id",
      "service.description",
      "sku.id",
      "usage_start_time",
      "cost",
      "credits",
      "invoice.month",
    ];
    expect(gcpBillingExport.detect(header(...common))?.because).toContain("standard");
    expect(gcpBillingExport.detect(header(...common, "resource.global_name"))).toMatchObject({
      confidence: 0.97,
      because: expect.stringContaining("detailed"),
    });
    expect(gcpBillingExport.detect(header("BilledCost", "ServiceName", "cost"))).toBeNull();
  });

  it.runIf(hasSampleBills)("takes Google's sample and no other bill", async () => {
    expect(
      gcpBillingExport.detect(await readHeader(sampleBill("bills/gcp-billing/gcp_2022-08-01_5.csv")))?.confidence,
    ).toBeGreaterThan(0.9);
    const taken = await Promise.all(
      otherBills.map(async (path) => gcpBillingExport.detect(await readHeader(sampleBill(path)))),
    );
    expect(taken.filter((detection) => detection !== null)).toEqual([]);
  });
});

describe("facts", () => {
  it("files every service in a pair of category and subcategory that FOCUS knows, once per name", () => {
    expect(gcpServices.length).toBeGreaterThan(150);
    expect(gcpServices.filter(([, , category, subcategory]) => findServiceCategory(subcategory) !== category)).toEqual(
      [],
    );
    expect(new Set(gcpServices.map(([name]) => name)).size).toBe(gcpServices.length);
    const ids = gcpServices.flatMap(([, id]) => (id === null ? [] : [id]));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.skipIf(!hasSampleBills)("the sample bill", () => {
  const path = sampleBill("bills/gcp-billing/gcp_2022-08-01_5.csv");

  it("costs to the last digit what its cost column adds up to", async () => {
    const rows = await runMapping(gcpBillingExport, [{ path }]);
    expect(rows).toHaveLength(9);
    expect(sumOf(rows, "BilledCost").toString()).toBe((await sumOfColumn(path, "cost")).toString());
    expect(sumOf(rows, "BilledCost").toString()).toBe("0.000012");
    expect(sumOf(rows, "EffectiveCost").toString()).toBe("0.000012");
    expectExplained(rows);
  });

  it("puts its charges into August 2022, Iowa and Compute", async () => {
    const [row] = await runMapping(gcpBillingExport, [{ path }]);
    expect(row).toMatchObject({
      BillingPeriodStart: "2022-08-01 07:00:00",
      ChargePeriodStart: "2022-08-01 03:00:00",
      ServiceName: "Compute Engine",
      ServiceSubcategory: "Virtual Machines",
      RegionName: "Iowa",
      SubAccountId: "cloud-billing-292519",
      PricingQuantity: "1.385e-05",
      PricingUnit: "gibibyte",
      ConsumedQuantity: "14871.0",
      ConsumedUnit: "bytes",
      Tags: null,
      _rejected: null,
    });
  });
});

const otherBills = [
  "bills/aws-cur-legacy/cur_legacy_sample.csv",
  "bills/azure-cost/EA_ActualCost_Small.csv",
  "bills/azure-cost/EA_AmortizedCost_Small.csv",
  "bills/azure-cost/ea_export_sample.csv",
  "bills/focus-1.0/focus_sample.csv",
  "bills/focus-1.2/gcp_1_2_rows100.csv",
  "bills/focus-1.3/gcp_1_3_rows100.csv",
  "bills/focus-1.3/gcp_1_3_contract_commitment.csv",
  "bills/oci-cost/oci_cost_report.csv",
];

/** Every line whose billed cost is not the raw cost has a rule that says why. */
function expectExplained(rows: readonly MappedRow[]): void {
  const moved = rows.filter((row) => !parseDecimal(row["BilledCost"]!).equals(parseDecimal(row["_raw_cost"]!)));
  expect(moved.filter((row) => row["_rule"] === null)).toEqual([]);
}

/** Mapped rows with numbers in one spelling, since containers write 1, 1.0 and 1e0 for the same. */
async function comparable(files: Parameters<typeof runMapping>[1]): Promise<MappedRow[]> {
  const number = (value: string | null) =>
    value !== null && /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(value) ? parseDecimal(value).toString() : value;
  return inOrder(await runMapping(gcpBillingExport, files)).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, number(value)])),
  );
}

function csv(rows: readonly ExportRow[], list: (value: unknown) => string, dot = "."): string {
  const flat = rows.map((row) =>
    Object.fromEntries(Object.entries(row).flatMap(([name, value]) => flatten(name, value, dot))),
  );
  const names = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown) =>
    value == null ? "" : `"${(Array.isArray(value) ? list(value) : String(value)).replaceAll('"', '""')}"`;
  return [names.join(","), ...flat.map((row) => names.map((name) => cell(row[name])).join(","))].join("\n");
}

function flatten(name: string, value: unknown, dot: string): [string, unknown][] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).map(([field, inner]) => [`${name}${dot}${field}`, inner]);
}

/** What Python's repr prints: single quotes, double ones around a text with an apostrophe, None. */
function pythonText(value: unknown): string {
  if (value === null) return "None";
  if (Array.isArray(value)) return `[${value.map(pythonText).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, inner]) => `'${key}': ${pythonText(inner)}`)
      .join(", ")}}`;
  if (typeof value !== "string") return String(value);
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? `'${value.replaceAll("'", "\\'")}'` : `"${value}"`;
}

async function duckdb(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** Floats of many magnitudes, the same in every run. */
function randomFloats(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return Number((state / 2147483647 / 10 ** (state % 9)).toPrecision(12));
  };
}
