import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { parseDecimal, sum } from "@finops/kernel/decimal";
import { describe, expect, it } from "vitest";
import { csvText } from "../../../testing/csv-text.ts";
import type { MappedRow } from "../../../testing/run-mapping.ts";
import { runMapping } from "../../../testing/run-mapping.ts";
import { azureFormats } from "../../formats.ts";

const format = azureFormats[0]!;
type Row = Record<string, string>;

/** An hour-priced virtual machine of an Enterprise Agreement; a test states only what matters to it. */
const vm: Row = {
  BillingAccountId: "8611537",
  BillingAccountName: "Trey Research",
  BillingPeriodStartDate: "09/01/2023",
  BillingPeriodEndDate: "09/30/2023",
  SubscriptionId: "1CAAA5A3-2B66-438E-8AB4-BCE37D518C5D",
  SubscriptionName: "Research",
  Date: "09/04/2023",
  BillingCurrencyCode: "USD",
  ChargeType: "Usage",
  Frequency: "UsageBased",
  PricingModel: "OnDemand",
  PublisherType: "Azure",
  ProductName: "Virtual Machines BS Series - B2s - EU West",
  Quantity: "24",
  UnitOfMeasure: "1 Hour",
  EffectivePrice: "0.04",
  UnitPrice: "0.04",
  PayGPrice: "0.05",
  CostInBillingCurrency: "0.96",
  MeterId: "2c57ed84",
  MeterName: "B2s",
  MeterCategory: "Virtual Machines",
  MeterSubCategory: "BS Series",
  ConsumedService: "Microsoft.Compute",
  ResourceLocation: "EU West",
  ResourceId:
    "/subscriptions/1CAAA5A3-2B66-438E-8AB4-BCE37D518C5D/resourceGroups/Lab/providers/Microsoft.Compute/virtualMachines/Web-1",
  PartNumber: "AAA-68652",
  Tags: "",
  AdditionalInfo: "",
  ReservationId: "",
  benefitId: "",
  Term: "",
};
const reservation = "/providers/Microsoft.Capacity/reservationOrders/a965d46f/reservations/f39d1c73";
const savingsPlan = "/providers/Microsoft.BillingBenefits/savingsPlanOrders/802a9e8b/savingsPlans/09ff8291";
const underReservation: Row = {
  PricingModel: "Reservation",
  ReservationId: "f39d1c73",
  benefitId: reservation,
  ProductOrderId: "a965d46f",
  Term: "12",
};
const underPlan: Row = { PricingModel: "SavingsPlan", benefitId: savingsPlan, Term: "36" };

/** In the order of the rows given: joins do not keep it, so every row carries its number. */
async function map(...rows: Row[]): Promise<MappedRow[]> {
  const mapped = await runMapping(format, [
    { csv: csvText(rows.map((row, index) => ({ ...vm, ...row, InvoiceSectionId: String(index) }))) },
  ]);
  const number = (row: MappedRow) => Number(JSON.parse(row["_extras"]!).x_InvoiceSectionId);
  return mapped.sort((a, b) => number(a) - number(b));
}

async function mapOne(row: Row): Promise<MappedRow> {
  return (await map(row))[0]!;
}

async function mapPair(actual: Row[], amortized: Row[]): Promise<MappedRow[]> {
  return runMapping(format, [
    { csv: csvText(actual.map((row) => ({ ...vm, ...row }))), role: "actual" },
    { csv: csvText(amortized.map((row) => ({ ...vm, ...row }))), role: "amortized" },
  ]);
}

const costs = (row: MappedRow) =>
  `${row["_dropped"] ?? row["_rule"] ?? "as stated"}: billed ${row["BilledCost"]}, effective ${row["EffectiveCost"]}`;
const same = (a: string | null | undefined, b: string) => expect(parseDecimal(a!).toString()).toBe(b);

/** Raw cost plus what rules moved is published billed cost, and no row differs from its raw cost without a rule. */
function expectBridge(rows: MappedRow[]): void {
  expect(
    rows.filter(
      (row) =>
        !parseDecimal(row["BilledCost"]!).equals(row["_raw_cost"]!) &&
        row["_dropped"] === null &&
        row["_rule"] === null,
    ),
  ).toEqual([]);
  const published = rows.filter((row) => row["_dropped"] === null);
  const moved = rows
    .filter((row) => row["_dropped"] !== null || row["_rule"] !== null)
    .map((row) => parseDecimal(row["_dropped"] === null ? row["BilledCost"]! : "0").minus(row["_raw_cost"]!));
  const raw = sum(rows.map((row) => parseDecimal(row["_raw_cost"]!)));
  expect(raw.plus(sum(moved)).toString()).toBe(
    sum(published.map((row) => parseDecimal(row["BilledCost"]!))).toString(),
  );
}

describe("a usage row of Azure cost details", () => {
  it("becomes a FOCUS row", async () => {
    expect(await mapOne({})).toMatchObject({
      BilledCost: "0.96",
      EffectiveCost: "0.96",
      ContractedCost: "0.96",
      ContractedUnitPrice: "0.04",
      ListUnitPrice: "0.05",
      PricingQuantity: "24",
      PricingUnit: "Hours",
      ConsumedQuantity: "24",
      ConsumedUnit: "Hours",
      BillingCurrency: "USD",
      PricingCurrency: "USD",
      BillingAccountId: "8611537",
      BillingAccountType: "Billing Account",
      SubAccountId: "/subscriptions/1caaa5a3-2b66-438e-8ab4-bce37d518c5d",
      SubAccountType: "Subscription",
      BillingPeriodStart: "2023-09-01 00:00:00",
      BillingPeriodEnd: "2023-10-01 00:00:00",
      ChargePeriodStart: "2023-09-04 00:00:00",
      ChargePeriodEnd: "2023-09-05 00:00:00",
      ChargeCategory: "Usage",
      ChargeClass: null,
      ChargeFrequency: "Usage-Based",
      PricingCategory: "Standard",
      CommitmentDiscountId: null,
      CommitmentDiscountStatus: null,
      ServiceName: "Virtual Machines",
      ServiceCategory: "Compute",
      ServiceSubcategory: "Virtual Machines",
      RegionId: "westeurope",
      RegionName: "West Europe",
      ResourceId:
        "/subscriptions/1caaa5a3-2b66-438e-8ab4-bce37d518c5d/resourcegroups/lab/providers/microsoft.compute/virtualmachines/web-1",
      ResourceName: "Web-1",
      ResourceType: "Virtual machine",
      SkuId: "2c57ed84",
      SkuPriceId: "AAA-68652",
      SkuMeter: "B2s",
      PublisherName: "Microsoft",
      InvoiceIssuerName: "Microsoft",
      _raw_cost: "0.96",
      _rule: null,
    });
  });

  it("has list cost from the public price", async () => {
    expect(parseDecimal((await mapOne({}))["ListCost"]!).toString()).toBe("1.2");
  });

  it("is dynamic on spot, and other where PricingModel is something new", async () => {
    const rows = await map({ PricingModel: "Spot" }, { PricingModel: "On Demand" }, { PricingModel: "Tiered" });
    expect(rows.map((row) => row["PricingCategory"])).toEqual(["Dynamic", "Standard", "Other"]);
  });

  it("reads numbers with an exponent and leaves 26 places as they are", async () => {
    const rows = await map(
      { CostInBillingCurrency: "35.2E-7" },
      { CostInBillingCurrency: "0.0000000072922557592391990000" },
    );
    same(rows[0]!["BilledCost"], "0.00000352");
    expect(rows[1]!["BilledCost"]).toBe("0.0000000072922557592391990000");
  });

  it("reads tags with and without braces, and keeps what is no JSON", async () => {
    const rows = await map({ Tags: '"env": "prod","org": ""' }, { Tags: '{"env":"prod"}' }, { Tags: "env=prod" });
    expect(rows.map((row) => JSON.parse(row["Tags"]!))).toEqual([
      { env: "prod", org: "" },
      { env: "prod" },
      { x_UnreadableTags: "env=prod" },
    ]);
  });

  it("turns AdditionalInfo into price details under x_ keys", async () => {
    const row = await mapOne({
      AdditionalInfo:
        '{"VCPUs":2,"ServiceType":"Standard_B2s","ImageType":"Canonical","Inner":{"a":1},"VMCapacityReservationId":"f8b42087"}',
    });
    expect(JSON.parse(row["SkuPriceDetails"]!)).toEqual({
      CoreCount: 2,
      InstanceType: "Standard_B2s",
      x_ImageType: "Canonical",
      x_Inner: '{"a":1}',
      x_VMCapacityReservationId: "f8b42087",
    });
    expect(row).toMatchObject({ CapacityReservationId: "f8b42087", CapacityReservationStatus: "Used" });
    expect(JSON.parse((await mapOne({ AdditionalInfo: "half {" }))["_extras"]!)).toMatchObject({
      x_AdditionalInfo: "half {",
    });
  });

  it("keeps the columns that FOCUS lacks", async () => {
    const row = await mapOne({
      ResourceGroup: "Lab",
      CostCenter: "9000",
      InvoiceSectionName: "IT",
      OfferId: "MS-AZR-0017P",
    });
    expect(JSON.parse(row["_extras"]!)).toMatchObject({
      x_ResourceGroupName: "lab",
      x_CostCenter: "9000",
      x_InvoiceSectionName: "IT",
      x_SkuMeterId: "2c57ed84",
      x_SkuOfferId: "MS-AZR-0017P",
    });
  });

  it("finds the service by resource type, by meter, by namespace, and else calls it other", async () => {
    const rows = await map(
      { ResourceId: "/subscriptions/1/resourceGroups/a/providers/Microsoft.Web/sites/f1", MeterCategory: "Functions" },
      {
        ResourceId: "/subscriptions/1/resourceGroups/a/providers/Microsoft.Sql/servers/s/databases/d",
        MeterCategory: "Advanced Data Security",
      },
      { ResourceId: "", MeterCategory: "Log Analytics", ConsumedService: "" },
      { ResourceId: "", MeterCategory: "", ConsumedService: "MICROSOFT.KEYVAULT" },
      {
        ResourceId: "/subscriptions/1/providers/Contoso.Thing/things/t",
        MeterCategory: "Contoso Thing",
        ConsumedService: "Contoso.Thing",
        ResourceLocation: "Unassigned",
      },
    );
    expect(rows.map((row) => [row["ServiceName"], row["ServiceCategory"], row["ServiceSubcategory"]])).toEqual([
      ["Azure Functions", "Compute", "Serverless Compute"],
      ["Azure SQL Database", "Databases", "Relational Databases"],
      ["Azure Monitor", "Management and Governance", "Observability"],
      ["Key Vault", "Security", "Secret Management"],
      ["Contoso Thing", "Other", "Other (Other)"],
    ]);
    expect(rows[4]).toMatchObject({
      ResourceType: "contoso.thing/things",
      ResourceName: "t",
      RegionId: null,
      RegionName: null,
    });
  });
});

describe("units and prices", () => {
  it("counts single units and prices one of them, whichever way Azure counted", async () => {
    const rows = await map(
      {
        UnitOfMeasure: "100 Hours",
        Quantity: "24",
        UnitPrice: "8.4",
        EffectivePrice: "0.084",
        PayGPrice: "9",
        CostInBillingCurrency: "2.016",
      },
      {
        UnitOfMeasure: "10K",
        Quantity: "0.0004",
        UnitPrice: "0.1",
        EffectivePrice: "0.1",
        PayGPrice: "0.1",
        CostInBillingCurrency: "0.00004",
      },
      {
        UnitOfMeasure: "30 Widgets",
        Quantity: "2",
        UnitPrice: "3",
        EffectivePrice: "3",
        PayGPrice: "3",
        CostInBillingCurrency: "6",
      },
    );
    const figures = rows.map((row) => [
      row["PricingUnit"],
      ...["PricingQuantity", "ContractedUnitPrice", "ContractedCost", "ListCost"].map((name) =>
        parseDecimal(row[name]!).toString(),
      ),
      JSON.parse(row["_extras"]!).x_PricingBlockSize,
    ]);
    expect(figures).toEqual([
      ["Hours", "24", "0.084", "2.016", "2.16", "100"],
      ["Units", "4", "0.00001", "0.00004", "0.00004", "10000"],
      ["30 Widgets", "2", "3", "6", "6", "30"],
    ]);
  });

  it("writes the units of the price list in FOCUS words", async () => {
    const written = [
      "1 Hour",
      "100 Hours",
      "10K",
      "1M",
      "10K/Month",
      "1 GB/Month",
      "1/Month",
      "10,000s",
      "10 GB",
      "1 Million",
      "Per Call",
      "1 Gadget",
      "",
    ];
    const rows = await map(...written.map((UnitOfMeasure) => ({ UnitOfMeasure })));
    expect(rows.map((row) => `${JSON.parse(row["_extras"]!).x_PricingBlockSize} ${row["PricingUnit"]}`)).toEqual([
      "1 Hours",
      "100 Hours",
      "10000 Units",
      "1000000 Units",
      "10000 Unit-Months",
      "1 GB-Months",
      "1 Unit-Months",
      "10000 Transactions",
      "10 GB",
      "1000000 Units",
      "1 Calls",
      "1 Gadget",
      "undefined Units",
    ]);
  });

  it("takes Azure's 0 for no price on commitment and marketplace rows, and for the price on free meters", async () => {
    const free = { UnitPrice: "0", PayGPrice: "0", EffectivePrice: "0", CostInBillingCurrency: "0" };
    const rows = await map(
      { ...free },
      { ...free, ...underReservation },
      { ...free, PublisherType: "Marketplace", PublisherName: "Contoso" },
      { UnitPrice: "0", PayGPrice: "0" },
    );
    expect(rows.map((row) => [row["ListUnitPrice"], row["ContractedUnitPrice"]])).toEqual([
      ["0", "0"],
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(rows.map((row) => [row["ListCost"] === null, row["ContractedCost"] === null])).toEqual([
      [false, false],
      [true, true],
      [true, true],
      [true, true],
    ]);
    expect(rows[2]).toMatchObject({ PublisherName: "Contoso", ProviderName: "Microsoft" });
  });
});

describe("charge types", () => {
  it("are FOCUS categories, and one that is not known is rejected by its name", async () => {
    const types = [
      "Usage",
      "UnusedReservation",
      "UnusedSavingsPlan",
      "Purchase",
      "Refund",
      "Tax",
      "Credit",
      "RoundingAdjustment",
      "Gift",
    ];
    const rows = await map(...types.map((ChargeType) => ({ ChargeType })));
    expect(rows.map((row) => row["ChargeCategory"])).toEqual([
      "Usage",
      "Usage",
      "Usage",
      "Purchase",
      "Purchase",
      "Tax",
      "Credit",
      "Adjustment",
      null,
    ]);
    expect(rows.map((row) => row["ChargeClass"])).toEqual([
      null,
      null,
      null,
      null,
      "Correction",
      null,
      null,
      null,
      null,
    ]);
    expect(rows.map((row) => row["_rejected"])).toEqual([
      ...Array<null>(8).fill(null),
      'The charge type "Gift" is not known for Azure cost details.',
    ]);
    expect(rows[5]).toMatchObject({
      PricingQuantity: null,
      SkuId: null,
      SkuMeter: null,
      SkuPriceId: null,
      PricingCategory: null,
      ListUnitPrice: null,
      ListCost: "0.96",
      ContractedCost: "0.96",
      ConsumedQuantity: null,
    });
  });

  it("have a frequency, by the kind of charge where Azure says Other", async () => {
    const rows = await map(
      { Frequency: "OneTime", ChargeType: "Purchase" },
      { Frequency: "Recurring", ChargeType: "Purchase" },
      { Frequency: "Other" },
      { Frequency: "Other", ChargeType: "Purchase" },
      { Frequency: "UsageBased", ChargeType: "Purchase" },
    );
    expect(rows.map((row) => row["ChargeFrequency"])).toEqual([
      "One-Time",
      "Recurring",
      "Usage-Based",
      "One-Time",
      "One-Time",
    ]);
  });
});

describe("reservations and savings plans", () => {
  it("describe their usage, unused part and purchase", async () => {
    const rows = await map(
      {
        ...underReservation,
        CostInBillingCurrency: "0.5",
        AdditionalInfo: '{"RINormalizationRatio":2.0}',
        Quantity: "8",
      },
      { ...underReservation, CostInBillingCurrency: "0.1", ChargeType: "UnusedReservation", Quantity: "3" },
      {
        ...underReservation,
        ChargeType: "Purchase",
        Frequency: "OneTime",
        benefitId: "/providers/Microsoft.Capacity/reservationOrders/a965d46f/reservations/",
      },
      { ...underPlan, CostInBillingCurrency: "0.006" },
      { ...underPlan, CostInBillingCurrency: "0.2", ChargeType: "UnusedSavingsPlan" },
    );
    expect(
      rows.map((row) => ["Type", "Category", "Status", "Unit"].map((name) => row[`CommitmentDiscount${name}`])),
    ).toEqual([
      ["Reservation", "Usage", "Used", "Normalized Hours"],
      ["Reservation", "Usage", "Unused", "Normalized Hours"],
      ["Reservation", "Usage", null, "Normalized Hours"],
      ["Savings Plan", "Spend", "Used", "USD"],
      ["Savings Plan", "Spend", "Unused", "USD"],
    ]);
    expect(rows.map((row) => parseDecimal(row["CommitmentDiscountQuantity"]!).toString())).toEqual([
      "16",
      "3",
      "24",
      "0.006",
      "0.2",
    ]);
    expect(rows.map((row) => row["PricingCategory"])).toEqual([
      "Committed",
      "Committed",
      "Standard",
      "Committed",
      "Committed",
    ]);
    expect(rows.map((row) => row["ConsumedQuantity"] === null)).toEqual([false, true, true, false, true]);
    expect(rows[0]!["CommitmentDiscountId"]).toBe(reservation.toLowerCase());
    expect(rows[2]!["CommitmentDiscountId"]).toBe("/providers/microsoft.capacity/reservationorders/a965d46f");
  });

  it("are named by order and reservation in files without benefit columns", async () => {
    const { PricingModel: _model, benefitId: _benefit, ...old } = { ...vm, ...underReservation };
    const rows = await runMapping(format, [
      { csv: csvText([old, { ...old, ReservationId: "a965d46f", ChargeType: "Purchase" }]) },
    ]);
    expect(new Set(rows.map((row) => row["CommitmentDiscountId"]))).toEqual(
      new Set(["/providers/microsoft.capacity/reservationorders/a965d46f", reservation.toLowerCase()]),
    );
  });

  it("leave usage alone that only mentions a reservation in its properties", async () => {
    const row = await mapOne({ AdditionalInfo: '{"ReservationId":"9a3b12af"}' });
    expect(row).toMatchObject({ CommitmentDiscountId: null, BilledCost: "0.96", PricingCategory: "Standard" });
  });
});

describe("an actual and an amortized file as one delivery", () => {
  const purchase = {
    ...underReservation,
    ChargeType: "Purchase",
    CostInBillingCurrency: "100",
    ResourceId: "/providers/Microsoft.Capacity/reservationOrders/a965d46f",
  };
  const refund = { ...purchase, ChargeType: "Refund", CostInBillingCurrency: "-40" };
  const used = { ...underReservation, CostInBillingCurrency: "2" };
  const unused = { ...underReservation, ChargeType: "UnusedReservation", CostInBillingCurrency: "1" };
  const planFee = { ...underPlan, ChargeType: "Purchase", CostInBillingCurrency: "7" };

  it("takes amortized rows, and purchases and refunds of commitments from actual", async () => {
    const rows = await mapPair(
      [{}, { ...used, CostInBillingCurrency: "0" }, purchase, refund, planFee],
      [{}, used, unused],
    );
    expect(rows.map(costs)).toEqual(
      expect.arrayContaining([
        "stated-by-amortized: billed 0.96, effective 0.96",
        "covered-usage-stated-by-amortized: billed 0, effective 0",
        "as stated: billed 100, effective 0",
        "as stated: billed -40, effective 0",
        "as stated: billed 7, effective 0",
        "as stated: billed 0.96, effective 0.96",
        "covered-by-commitment: billed 0, effective 2",
        "covered-by-commitment: billed 0, effective 1",
      ]),
    );
    expect(rows).toHaveLength(8);
    expectBridge(rows);
  });

  it("bills what the actual file has and no more, where the two were exported at different times", async () => {
    const late = { Date: "09/05/2023", CostInBillingCurrency: "0.5" };
    const rows = await mapPair([{}, { ...late, MeterId: "only-actual" }], [{}, { ...late, MeterId: "only-amortized" }]);
    expect(rows.map(costs).sort()).toEqual([
      "as stated: billed 0.5, effective 0",
      "as stated: billed 0.96, effective 0.96",
      "not-in-actual: billed 0, effective 0.5",
      "stated-by-amortized: billed 0.96, effective 0.96",
    ]);
    expectBridge(rows);
  });

  it("lets a month that only one of them has stand alone", async () => {
    const october = { Date: "10/02/2023", BillingPeriodStartDate: "10/01/2023", BillingPeriodEndDate: "10/31/2023" };
    const rows = await mapPair([{}, { ...october, MeterId: "october" }], [{}]);
    expect(rows.filter((row) => row["SkuId"] === "october").map(costs)).toEqual([
      "as stated: billed 0.96, effective 0.96",
    ]);
  });

  it("keeps genuine twin lines: three here and two there are two charges that both files state", async () => {
    const rows = await mapPair([{}, {}], [{}, {}, {}]);
    expect(rows.map(costs).sort()).toEqual([
      "as stated: billed 0.96, effective 0.96",
      "as stated: billed 0.96, effective 0.96",
      "not-in-actual: billed 0, effective 0.96",
      "stated-by-amortized: billed 0.96, effective 0.96",
      "stated-by-amortized: billed 0.96, effective 0.96",
    ]);
    expectBridge(rows);
  });

  it("bills a marketplace purchase once that both files state", async () => {
    const offer = {
      ChargeType: "Purchase",
      PublisherType: "Marketplace",
      PricingModel: "",
      CostInBillingCurrency: "30",
    };
    expect((await mapPair([offer], [offer])).map(costs).sort()).toEqual([
      "as stated: billed 30, effective 30",
      "stated-by-amortized: billed 30, effective 30",
    ]);
  });
});

describe("a file without its counterpart", () => {
  it("of actual costs has no effective cost where a commitment covers", async () => {
    const rows = await runMapping(format, [
      {
        csv: csvText([
          vm,
          { ...vm, ...underReservation, CostInBillingCurrency: "0" },
          { ...vm, ...underReservation, ChargeType: "Purchase" },
        ]),
        role: "actual",
      },
    ]);
    expect(rows.map(costs).sort()).toEqual([
      "as stated: billed 0, effective 0",
      "as stated: billed 0.96, effective 0",
      "as stated: billed 0.96, effective 0.96",
    ]);
    expect(
      format.mapping({ fileName: "", container: "csv", columns: [], sample: [] }).notesOfOneRole?.["actual"]?.[0],
    ).toContain("import the amortized cost export");
  });

  it("of amortized costs bills covered usage 0, with or without a role", async () => {
    for (const role of ["amortized", undefined]) {
      const rows = await runMapping(format, [
        { csv: csvText([vm, { ...vm, ...underPlan }]), ...(role === undefined ? {} : { role }) },
      ]);
      expect(rows.map(costs).sort()).toEqual([
        "as stated: billed 0.96, effective 0.96",
        "covered-by-commitment: billed 0, effective 0.96",
      ]);
      expectBridge(rows);
    }
  });
});

describe("other schemas and languages", () => {
  it("reads the Customer Agreement: billing profile, two currencies, invoice, list cost as stated", async () => {
    const row = {
      invoiceId: "T000123",
      previousInvoiceId: "",
      billingAccountId: "acct",
      billingAccountName: "Acme",
      billingProfileId: "/providers/Microsoft.Billing/billingAccounts/acct/billingProfiles/prof",
      billingProfileName: "EU",
      billingPeriodStartDate: "",
      billingPeriodEndDate: "",
      date: "2024-08-05",
      SubscriptionId: vm["SubscriptionId"]!,
      subscriptionName: "Web",
      meterId: "m1",
      meterName: "D2s v5",
      meterCategory: "Virtual Machines",
      meterSubCategory: "Dsv5",
      ProductId: "DZH318Z0BQ4L",
      consumedService: "Microsoft.Compute",
      ResourceId: vm["ResourceId"]!,
      resourceLocation: "westeurope",
      quantity: "10",
      unitOfMeasure: "1 Hour",
      effectivePrice: "0.1",
      unitPrice: "0.1",
      PayGPrice: "0.125",
      billingCurrency: "EUR",
      pricingCurrency: "USD",
      costInBillingCurrency: "0.9",
      costInPricingCurrency: "1",
      costInUsd: "1",
      paygCostInBillingCurrency: "1.125",
      exchangeRatePricingToBilling: "0.9",
      chargeType: "Usage",
      frequency: "UsageBased",
      pricingModel: "OnDemand",
      publisherType: "Azure",
      tags: '{"env":"prod"}',
    };
    const [mapped] = await runMapping(format, [{ csv: csvText([row]) }]);
    expect(mapped).toMatchObject({
      BilledCost: "0.9",
      ListCost: "1.125",
      ContractedCost: "0.9",
      BillingCurrency: "EUR",
      PricingCurrency: "USD",
      PricingCurrencyEffectiveCost: "1",
      PricingCurrencyContractedUnitPrice: "0.1",
      InvoiceId: "T000123",
      BillingAccountId: "/providers/Microsoft.Billing/billingAccounts/acct/billingProfiles/prof",
      BillingAccountType: "Billing Profile",
      BillingPeriodStart: "2024-08-01 00:00:00",
      BillingPeriodEnd: "2024-09-01 00:00:00",
      SkuId: "DZH318Z0BQ4L",
      SkuPriceId: "DZH318Z0BQ4L_m1",
      ChargePeriodStart: "2024-08-05 00:00:00",
      Tags: '{"env":"prod"}',
    });
    same(mapped!["ContractedUnitPrice"], "0.09");
    same(mapped!["ListUnitPrice"], "0.1125");
  });

  it("reads the pay-as-you-go export, whose rows are all usage", async () => {
    const row = {
      SubscriptionGuid: "1caaa5a3",
      ResourceGroup: "Lab",
      ResourceLocation: "US East 2",
      UsageDateTime: "2024-02-03",
      MeterCategory: "Storage",
      MeterSubcategory: "Files",
      MeterId: "m2",
      MeterName: "LRS",
      UsageQuantity: "3",
      ResourceRate: "0.06",
      PreTaxCost: "0.18",
      ConsumedService: "Microsoft.Storage",
      ResourceType: "Microsoft.Storage/storageAccounts",
      InstanceId: "/subscriptions/1caaa5a3/resourceGroups/Lab/providers/Microsoft.Storage/storageAccounts/files1",
      Tags: "",
      OfferId: "MS-AZR-0003P",
      AdditionalInfo: "",
      Currency: "USD",
      UnitOfMeasure: "1 GB/Month",
    };
    expect((await runMapping(format, [{ csv: csvText([row]) }]))[0]).toMatchObject({
      BilledCost: "0.18",
      EffectiveCost: "0.18",
      ContractedCost: null,
      ListCost: null,
      BillingAccountId: "1caaa5a3",
      BillingAccountType: "Subscription",
      ChargeCategory: "Usage",
      ChargeFrequency: "Usage-Based",
      PricingCategory: "Standard",
      PricingUnit: "GB-Months",
      BillingPeriodStart: "2024-02-01 00:00:00",
      BillingPeriodEnd: "2024-03-01 00:00:00",
      ServiceName: "Storage Accounts",
      ResourceName: "files1",
      RegionId: "eastus2",
    });
  });

  it("reads German headers, decimal commas and dates, with and without the English name in brackets", async () => {
    const values = [
      "1caaa5a3",
      "21.09.2023",
      "Virtual Machines",
      "BSv2",
      "m1",
      "24",
      "0,04",
      "1.234,56",
      "EUR",
      "Microsoft.Compute",
      "1 Stunde",
    ];
    const bracketed = [
      "Abonnement-GUID (SubscriptionGuid)",
      "Datum (Date)",
      "Kategorie der Verbrauchseinheit (MeterCategory)",
      "Unterkategorie der Verbrauchseinheit (MeterSubCategory)",
      "ID der Verbrauchseinheit (MeterId)",
      "Menge (Quantity)",
      "Ressourcensatz (ResourceRate)",
      "Kosten (Cost)",
      "Währung (Currency)",
      "Genutzter Dienst (ConsumedService)",
      "Maßeinheit (UnitOfMeasure)",
    ];
    for (const names of [bracketed, bracketed.map((name) => name.replace(/ \(.*/, ""))]) {
      const [mapped] = await runMapping(format, [{ csv: `${names.join(";")}\n${values.join(";")}`, delimiter: ";" }]);
      expect(mapped).toMatchObject({
        BilledCost: "1234.56",
        ChargePeriodStart: "2023-09-21 00:00:00",
        BillingCurrency: "EUR",
        PricingQuantity: "24",
        PricingUnit: "Hours",
        ServiceName: "Virtual Machines",
      });
    }
  });

  it("reads parquet, whose numbers are floats and whose dates are dates", async () => {
    const folder = await mkdtemp(join(tmpdir(), "azure-parquet-"));
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const text = (row: Row) =>
      Object.entries(row)
        .map(([name, value]) =>
          name === "Date"
            ? `DATE '2023-09-04' AS "Date"`
            : /^(Quantity|EffectivePrice|UnitPrice|PayGPrice|CostInBillingCurrency)$/.test(name)
              ? `${value}::DOUBLE AS "${name}"`
              : `'${value}' AS "${name}"`,
        )
        .join(", ");
    await connection.run(
      `COPY (SELECT ${text(vm)} UNION ALL BY NAME SELECT ${text({ ...vm, ...underReservation, UnitOfMeasure: "100 Hours" })}) TO '${join(folder, "amortized.parquet")}'`,
    );
    connection.closeSync();
    instance.closeSync();
    const rows = await runMapping(format, [{ path: join(folder, "amortized.parquet"), role: "amortized" }]);
    await rm(folder, { recursive: true });
    expect(rows.map((row) => parseDecimal(row["EffectiveCost"]!).toString())).toEqual(["0.96", "0.96"]);
    expect(rows.map((row) => parseDecimal(row["BilledCost"]!).toString()).sort((a, b) => a.localeCompare(b))).toEqual([
      "0",
      "0.96",
    ]);
    expect(new Set(rows.map((row) => row["ChargePeriodEnd"]))).toEqual(new Set(["2023-09-05 00:00:00"]));
  });

  it("takes a currency that the file lacks from the caller", async () => {
    const { BillingCurrencyCode: _left, ...row } = vm;
    await expect(runMapping(format, [{ csv: csvText([row]) }])).rejects.toThrow("BillingCurrencyCode");
    expect(
      (await runMapping(format, [{ csv: csvText([row]) }], { BillingCurrency: "CHF" }))[0]!["BillingCurrency"],
    ).toBe("CHF");
  });
});
