import { decimal, parseDecimal, sum } from "@finops/kernel/decimal";
import { describe, expect, it } from "vitest";
import { csvText } from "../testing/csv-text.ts";
import { type MappedRow, runMapping } from "../testing/run-mapping.ts";
import { curLegacy } from "./formats/cur-legacy/cur-legacy.ts";

type Line = Record<string, string>;

const usage: Line = {
  "bill/BillType": "Anniversary",
  "bill/PayerAccountId": "111111111111",
  "bill/InvoicingEntity": "Amazon Web Services EMEA SARL",
  "bill/BillingPeriodStartDate": "2026-08-01T00:00:00.000Z",
  "bill/BillingPeriodEndDate": "2026-09-01T00:00:00.000Z",
  "lineItem/LineItemType": "Usage",
  "lineItem/UsageAccountId": "222222222222",
  "lineItem/UsageStartDate": "2026-08-05T10:00:00Z",
  "lineItem/UsageEndDate": "2026-08-05T11:00:00Z",
  "lineItem/ProductCode": "AmazonEC2",
  "lineItem/UsageType": "EUW2-BoxUsage:m5.large",
  "lineItem/UsageAmount": "1",
  "lineItem/CurrencyCode": "USD",
  "lineItem/UnblendedRate": "0.1110000000",
  "lineItem/UnblendedCost": "0.1110000000",
  "product/sku": "SKU1",
  "pricing/RateCode": "SKU1.JRT.6YS",
  "pricing/unit": "Hrs",
  "pricing/publicOnDemandRate": "0.1110000000",
  "pricing/publicOnDemandCost": "0.1110000000",
};
const plan = "arn:aws:savingsplans::111111111111:savingsplan/p1";
const reservation = "arn:aws:ec2:eu-west-2:111111111111:reserved-instances/r1";

/** The mapped rows in the order of the lines, each followed by what is derived from it. */
async function mapped(...lines: Line[]): Promise<MappedRow[]> {
  const numbered = lines.map((line, index) => ({
    ...usage,
    "lineItem/LineItemDescription": String(index).padStart(3, "0"),
    ...line,
  }));
  const rows = await runMapping(curLegacy, [{ csv: csvText(numbered) }]);
  return rows.toSorted((a, b) =>
    `${a.ChargeDescription} ${a._part}`.localeCompare(`${b.ChargeDescription} ${b._part}`),
  );
}
const one = async (line: Line): Promise<MappedRow> => (await mapped(line))[0]!;
const fields = (row: MappedRow, ...names: string[]) => names.map((name) => row[name]);
const total = (rows: readonly MappedRow[], column: string) =>
  sum(rows.map((row) => parseDecimal(row[column]!))).toFixed();
const extras = (row: MappedRow): Record<string, string> => JSON.parse(row["_extras"] ?? "{}");

const coveredUsage: Line = {
  "lineItem/LineItemType": "SavingsPlanCoveredUsage",
  "savingsPlan/SavingsPlanARN": plan,
  "savingsPlan/SavingsPlanEffectiveCost": "0.08",
};
const negation: Line = {
  "lineItem/LineItemType": "SavingsPlanNegation",
  "lineItem/UnblendedCost": "-0.1110000000",
  "savingsPlan/SavingsPlanARN": plan,
};
const planFee: Line = {
  "lineItem/LineItemType": "SavingsPlanRecurringFee",
  "lineItem/ProductCode": "ComputeSavingsPlans",
  "lineItem/UnblendedCost": "0.1",
  "savingsPlan/SavingsPlanARN": plan,
  "savingsPlan/TotalCommitmentToDate": "0.1",
  "savingsPlan/UsedCommitment": "0.08",
};
const reservedUsage: Line = {
  "lineItem/LineItemType": "DiscountedUsage",
  "lineItem/UnblendedRate": "0.0",
  "lineItem/UnblendedCost": "0.0",
  "reservation/ReservationARN": reservation,
  "reservation/EffectiveCost": "0.07",
};
const reservationFee: Line = {
  "lineItem/LineItemType": "RIFee",
  "lineItem/UsageStartDate": "2026-08-01T00:00:00Z",
  "lineItem/UsageEndDate": "2026-08-31T23:59:59Z",
  "lineItem/UsageAmount": "744",
  "lineItem/UnblendedRate": "0.05",
  "lineItem/UnblendedCost": "37.2",
  "reservation/ReservationARN": reservation,
  "reservation/TotalReservedUnits": "744",
  "reservation/UnusedQuantity": "44",
  "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": "0.44",
  "reservation/UnusedRecurringFee": "2.2",
};

describe("usage", () => {
  it("is billed at its cost, with the public price beside it", async () => {
    const row = await one({});
    expect(
      fields(
        row,
        "ChargeCategory",
        "ChargeFrequency",
        "ChargeClass",
        "BilledCost",
        "EffectiveCost",
        "ListCost",
        "ContractedCost",
        "PricingCategory",
      ),
    ).toEqual([
      "Usage",
      "Usage-Based",
      null,
      "0.1110000000",
      "0.1110000000",
      "0.1110000000",
      "0.1110000000",
      "Standard",
    ]);
    expect(
      fields(
        row,
        "PricingQuantity",
        "PricingUnit",
        "ConsumedQuantity",
        "ConsumedUnit",
        "SkuId",
        "SkuPriceId",
        "SkuMeter",
      ),
    ).toEqual(["1", "Hours", "1", "Hours", "SKU1", "SKU1.JRT.6YS", "EUW2-BoxUsage:m5.large"]);
    expect(
      fields(
        row,
        "ServiceName",
        "ServiceCategory",
        "ServiceSubcategory",
        "RegionId",
        "RegionName",
        "InvoiceIssuerName",
      ),
    ).toEqual([
      "Amazon Elastic Compute Cloud",
      "Compute",
      "Virtual Machines",
      "eu-west-2",
      "EU (London)",
      "Amazon Web Services EMEA SARL",
    ]);
    expect(fields(row, "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart", "BillingPeriodEnd")).toEqual([
      "2026-08-05 10:00:00",
      "2026-08-05 11:00:00",
      "2026-08-01 00:00:00",
      "2026-09-01 00:00:00",
    ]);
    expect(fields(row, "_rule", "_rejected", "_dropped", "CommitmentDiscountId")).toEqual([null, null, null, null]);
  });

  it("of spot machines has a dynamic price", async () => {
    expect((await one({ "lineItem/UsageType": "EUW2-SpotUsage:m5.large" })).PricingCategory).toBe("Dynamic");
  });

  it("has an unknown list cost where AWS gives no public price, and none of 0 by mistake", async () => {
    expect((await one({ "pricing/publicOnDemandRate": "", "pricing/publicOnDemandCost": "0.0" })).ListCost).toBeNull();
    expect((await one({ "pricing/publicOnDemandRate": "0.0", "pricing/publicOnDemandCost": "0.0" })).ListCost).toBe(
      "0.0",
    );
    expect((await one({ "pricing/publicOnDemandRate": "", "pricing/publicOnDemandCost": "0.2" })).ListCost).toBe("0.2");
    expect(
      fields(
        await one({ "lineItem/CurrencyCode": "INR", "pricing/currency": "USD" }),
        "ListCost",
        "ListUnitPrice",
        "PricingCurrency",
      ),
    ).toEqual([null, null, "USD"]);
  });

  it("keeps AWS's numbers as they are written", async () => {
    expect((await one({ "lineItem/UnblendedCost": "9.6E-6" })).BilledCost).toBe("9.6E-6");
  });

  it("of a marketplace product is named and published as its seller does", async () => {
    const row = await one({
      "bill/BillingEntity": "AWS Marketplace",
      "lineItem/ProductCode": "4uxbdhpiyq5e3cr5",
      "product/ProductName": "Acme Firewall",
      "lineItem/LegalEntity": "Acme Inc.",
    });
    expect(
      fields(row, "ServiceName", "ServiceCategory", "ServiceSubcategory", "PublisherName", "ProviderName"),
    ).toEqual(["Acme Firewall", "Other", "Other (Other)", "Acme Inc.", "AWS"]);
  });
});

describe("savings plans", () => {
  it("move the cost of covered usage to the plan: billed 0, effective what the plan paid for it", async () => {
    const row = await one(coveredUsage);
    expect(fields(row, "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "_raw_cost", "_rule")).toEqual([
      "0",
      "0.08",
      "0.1110000000",
      "0.1110000000",
      "0.1110000000",
      "savings-plan-covered-usage",
    ]);
    expect(
      fields(
        row,
        "CommitmentDiscountId",
        "CommitmentDiscountCategory",
        "CommitmentDiscountType",
        "CommitmentDiscountStatus",
        "CommitmentDiscountQuantity",
        "CommitmentDiscountUnit",
        "PricingCategory",
      ),
    ).toEqual([plan, "Spend", "Savings Plan", "Used", "0.08", "USD", "Committed"]);
  });

  it("need no negation lines, which cancel the raw cost of the covered usage", async () => {
    const [covered, negated] = await mapped(coveredUsage, negation);
    expect(negated!._dropped).toBe("savings-plan-negation");
    expect(total([covered!, negated!], "_raw_cost")).toBe("0");
  });

  it("become a purchase and what was not used of it", async () => {
    const [fee, unused] = await mapped(planFee);
    expect(
      fields(
        fee!,
        "ChargeCategory",
        "ChargeFrequency",
        "BilledCost",
        "EffectiveCost",
        "PricingCategory",
        "CommitmentDiscountStatus",
        "CommitmentDiscountQuantity",
      ),
    ).toEqual(["Purchase", "Recurring", "0.1", "0", "Standard", null, "0.1"]);
    expect(
      fields(
        unused!,
        "_part",
        "_rule",
        "_raw_cost",
        "ChargeCategory",
        "ChargeFrequency",
        "BilledCost",
        "PricingCategory",
        "CommitmentDiscountStatus",
        "CommitmentDiscountId",
      ),
    ).toEqual([
      "unused-commitment",
      "unused-commitment",
      "0",
      "Usage",
      "Usage-Based",
      "0",
      "Committed",
      "Unused",
      plan,
    ]);
    expect(fields(unused!, "ListCost", "ContractedCost", "ConsumedQuantity", "ConsumedUnit")).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(parseDecimal(unused!.EffectiveCost!).toFixed()).toBe("0.02");
    expect(parseDecimal(unused!.CommitmentDiscountQuantity!).toFixed()).toBe("0.02");
  });

  it("that are wholly used leave nothing beside their fee", async () => {
    expect(await mapped({ ...planFee, "savingsPlan/UsedCommitment": "0.1" })).toHaveLength(1);
    expect(await mapped({ ...planFee, "savingsPlan/UsedCommitment": "0.1000000001" })).toHaveLength(1);
  });

  it("paid upfront are a one-time purchase whose cost is on what it covers", async () => {
    const row = await one({
      ...planFee,
      "lineItem/LineItemType": "SavingsPlanUpfrontFee",
      "lineItem/UnblendedCost": "876",
    });
    expect(
      fields(row, "ChargeCategory", "ChargeFrequency", "BilledCost", "EffectiveCost", "CommitmentDiscountId"),
    ).toEqual(["Purchase", "One-Time", "876", "0", plan]);
  });

  it("cost over an hour what is used of them and what is not", async () => {
    const rows = await mapped(coveredUsage, negation, planFee);
    const ofUsage = rows.filter((row) => row.ChargeCategory === "Usage" && row._dropped === null);
    const ofPurchases = rows.filter((row) => row.ChargeCategory === "Purchase");
    expect(total(ofUsage, "EffectiveCost")).toBe(total(ofPurchases, "BilledCost"));
  });
});

describe("reservations", () => {
  it("move the cost of covered usage to the reservation", async () => {
    const row = await one(reservedUsage);
    expect(fields(row, "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingCategory")).toEqual([
      "0",
      "0.07",
      "0.1110000000",
      "0.1110000000",
      "Committed",
    ]);
    expect(
      fields(
        row,
        "CommitmentDiscountId",
        "CommitmentDiscountCategory",
        "CommitmentDiscountType",
        "CommitmentDiscountStatus",
        "CommitmentDiscountQuantity",
        "CommitmentDiscountUnit",
      ),
    ).toEqual([reservation, "Usage", "Reserved Instance", "Used", "1", "Hours"]);
  });

  it("become a purchase for the month, and what was not used of fee and upfront payment", async () => {
    const [fee, unused] = await mapped(reservationFee);
    expect(
      fields(
        fee!,
        "ChargeCategory",
        "ChargeFrequency",
        "BilledCost",
        "EffectiveCost",
        "ListCost",
        "CommitmentDiscountQuantity",
      ),
    ).toEqual(["Purchase", "Recurring", "37.2", "0", "37.2", "744"]);
    expect(fields(fee!, "ChargePeriodStart", "ChargePeriodEnd")).toEqual([
      "2026-08-01 00:00:00",
      "2026-09-01 00:00:00",
    ]);
    expect(
      fields(
        unused!,
        "ChargeCategory",
        "BilledCost",
        "CommitmentDiscountStatus",
        "CommitmentDiscountQuantity",
        "CommitmentDiscountUnit",
        "PricingQuantity",
      ),
    ).toEqual(["Usage", "0", "Unused", "44", "Hours", "44"]);
    expect(parseDecimal(unused!.EffectiveCost!).toFixed()).toBe("2.64");
  });

  it("cost over a month what is used of them and what is not", async () => {
    // 744 hours at 0.05 and an upfront payment of 0.01 an hour: 700 used, 44 not.
    const rows = await mapped(
      ...Array.from({ length: 7 }, () => ({
        ...reservedUsage,
        "lineItem/UsageAmount": "100",
        "reservation/EffectiveCost": "6",
      })),
      reservationFee,
    );
    const effective = total(rows, "EffectiveCost");
    expect(effective).toBe(parseDecimal("37.2").plus("7.44").toFixed());
  });

  it("of flexible size count normalized units", async () => {
    const used = await one({ ...reservedUsage, "lineItem/NormalizedUsageAmount": "4" });
    expect(fields(used, "CommitmentDiscountQuantity", "CommitmentDiscountUnit")).toEqual(["4", "Normalized Hours"]);
    const [fee, unused] = await mapped({
      ...reservationFee,
      "reservation/TotalReservedNormalizedUnits": "2976",
      "reservation/UnusedNormalizedUnitQuantity": "176",
    });
    expect(fields(fee!, "CommitmentDiscountQuantity", "CommitmentDiscountUnit")).toEqual(["2976", "Normalized Hours"]);
    expect(fields(unused!, "CommitmentDiscountQuantity", "CommitmentDiscountUnit")).toEqual([
      "176",
      "Normalized Hours",
    ]);
  });

  it("paid upfront are told from other fees by their id", async () => {
    const fee: Line = { "lineItem/LineItemType": "Fee", "bill/BillType": "Purchase", "lineItem/UnblendedCost": "500" };
    expect(
      fields(
        await one({ ...fee, "reservation/ReservationARN": reservation }),
        "ChargeCategory",
        "ChargeFrequency",
        "BilledCost",
        "EffectiveCost",
        "CommitmentDiscountId",
      ),
    ).toEqual(["Purchase", "One-Time", "500", "0", reservation]);
    expect(
      fields(
        await one(fee),
        "ChargeCategory",
        "ChargeFrequency",
        "BilledCost",
        "EffectiveCost",
        "CommitmentDiscountId",
      ),
    ).toEqual(["Purchase", "One-Time", "500", "500", null]);
    expect((await one({ ...fee, "bill/BillType": "Anniversary" })).ChargeFrequency).toBe("Recurring");
  });
});

describe("what is neither usage nor a commitment", () => {
  it("is a tax without prices", async () => {
    const row = await one({
      "lineItem/LineItemType": "Tax",
      "lineItem/TaxType": "VAT",
      "lineItem/UnblendedCost": "19",
    });
    expect(fields(row, "ChargeCategory", "BilledCost", "EffectiveCost", "ListCost", "ContractedCost")).toEqual([
      "Tax",
      "19",
      "19",
      "19",
      "19",
    ]);
    expect(
      fields(
        row,
        "SkuId",
        "SkuMeter",
        "SkuPriceId",
        "PricingCategory",
        "PricingQuantity",
        "PricingUnit",
        "ListUnitPrice",
        "ContractedUnitPrice",
        "ConsumedQuantity",
      ),
    ).toEqual(Array.from({ length: 9 }, () => null));
    expect(extras(row)["x_TaxType"]).toBe("VAT");
  });

  it("is a credit, of which all four costs are the amount", async () => {
    const row = await one({
      "lineItem/LineItemType": "Credit",
      "lineItem/UnblendedCost": "-25",
      "savingsPlan/SavingsPlanARN": plan,
    });
    expect(
      fields(
        row,
        "ChargeCategory",
        "ChargeFrequency",
        "ChargeClass",
        "BilledCost",
        "EffectiveCost",
        "ListCost",
        "ContractedCost",
        "CommitmentDiscountId",
      ),
    ).toEqual(["Credit", "One-Time", null, "-25", "-25", "-25", "-25", null]);
  });

  it("is a refund: a credit, and a correction where the month was invoiced already", async () => {
    const refund: Line = { "lineItem/LineItemType": "Refund", "lineItem/UnblendedCost": "-5" };
    expect(fields(await one(refund), "ChargeCategory", "ChargeClass", "EffectiveCost")).toEqual(["Credit", null, "-5"]);
    expect(
      fields(
        await one({ ...refund, "lineItem/UsageStartDate": "2026-07-03T00:00:00Z" }),
        "ChargeCategory",
        "ChargeClass",
      ),
    ).toEqual(["Credit", "Correction"]);
    expect(fields(await one({ ...refund, "bill/BillType": "Refund" }), "ChargeCategory", "ChargeClass")).toEqual([
      "Credit",
      "Correction",
    ]);
  });

  it("is a refund of a commitment: a purchase taken back, which never was an effective cost", async () => {
    const row = await one({
      "lineItem/LineItemType": "Refund",
      "lineItem/UnblendedCost": "-876",
      "lineItem/ProductCode": "ComputeSavingsPlans",
      "bill/BillType": "Refund",
    });
    expect(fields(row, "ChargeCategory", "ChargeClass", "BilledCost", "EffectiveCost")).toEqual([
      "Purchase",
      "Correction",
      "-876",
      "0",
    ]);
  });

  it("is a discount: negative, marked, and without quantities to count twice", async () => {
    const types = [
      "EdpDiscount",
      "PrivateRateDiscount",
      "BundledDiscount",
      "RiVolumeDiscount",
      "SppDiscount",
      "Discount",
    ];
    const rows = await mapped(
      ...types.map((type) => ({
        "lineItem/LineItemType": type,
        "lineItem/UnblendedCost": "-3.5",
        "savingsPlan/SavingsPlanARN": plan,
      })),
    );
    expect(rows.map((row) => extras(row)["x_DiscountType"])).toEqual(types);
    for (const row of rows)
      expect(
        fields(
          row,
          "ChargeCategory",
          "BilledCost",
          "EffectiveCost",
          "ListCost",
          "ContractedCost",
          "ConsumedQuantity",
          "PricingQuantity",
          "CommitmentDiscountId",
        ),
      ).toEqual(["Usage", "-3.5", "-3.5", "0", "-3.5", "0", "0", null]);
  });

  it("is a subscription at a flat rate", async () => {
    expect(
      fields(
        await one({ "lineItem/LineItemType": "FlatRateSubscription", "lineItem/UnblendedCost": "20" }),
        "ChargeCategory",
        "ChargeFrequency",
        "BilledCost",
        "EffectiveCost",
      ),
    ).toEqual(["Purchase", "Recurring", "20", "20"]);
  });

  it("is a line item type that nobody knows, and is rejected by name", async () => {
    expect((await one({ "lineItem/LineItemType": "Gift" }))._rejected).toBe(
      'Its line item type is "Gift", which AWS does not document.',
    );
    expect((await one({ "lineItem/LineItemType": "" }))._rejected).toBe(
      "Its line item type is empty, which AWS does not document.",
    );
  });
});

describe("private discounts", () => {
  const net = (line: Line, cost: string, more: Line = {}): Line => ({
    ...line,
    "lineItem/NetUnblendedCost": cost,
    "lineItem/NetUnblendedRate": cost,
    ...more,
  });

  it("are in the net columns, which win where a line has them", async () => {
    const [discounted, plain] = await mapped(net({}, "0.0999"), net({}, ""));
    expect(
      fields(
        discounted!,
        "BilledCost",
        "EffectiveCost",
        "ListCost",
        "ContractedCost",
        "ContractedUnitPrice",
        "_raw_cost",
        "_rule",
      ),
    ).toEqual(["0.0999", "0.0999", "0.1110000000", "0.0999", "0.0999", "0.0999", null]);
    expect(plain!.BilledCost).toBe("0.1110000000");
  });

  it("reach commitments too: used and unused make up the net fee", async () => {
    const rows = await mapped(
      net(coveredUsage, "0.0999", { "savingsPlan/NetSavingsPlanEffectiveCost": "0.072" }),
      net(planFee, "0.09", {
        "savingsPlan/NetRecurringCommitmentForBillingPeriod": "0.09",
        "savingsPlan/RecurringCommitmentForBillingPeriod": "0.1",
      }),
      net(reservedUsage, "0", { "reservation/NetEffectiveCost": "0.063" }),
      net(reservationFee, "33.48", {
        "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod": "0.396",
        "reservation/NetUnusedRecurringFee": "1.98",
      }),
    );
    const effective = rows.map((row) => [
      row.CommitmentDiscountType,
      row.CommitmentDiscountStatus,
      parseDecimal(row.EffectiveCost!).toFixed(),
    ]);
    expect(effective).toEqual([
      ["Savings Plan", "Used", "0.072"],
      ["Savings Plan", null, "0"],
      ["Savings Plan", "Unused", "0.018"],
      ["Reserved Instance", "Used", "0.063"],
      ["Reserved Instance", null, "0"],
      ["Reserved Instance", "Unused", "2.376"],
    ]);
    // What the on-demand price of reserved usage would be after discounts is not stated.
    expect(rows[3]!.ContractedCost).toBeNull();
  });
});

describe("split cost allocation data", () => {
  const pod: Line = {
    "lineItem/ProductCode": "AmazonEKS",
    "lineItem/Operation": "EKSPod-EC2",
    "lineItem/UnblendedCost": "0.0",
    "lineItem/ResourceId": "arn:aws:eks:eu-west-2:222222222222:pod/cluster/shop/web-1/5f",
    "splitLineItem/ParentResourceId": "i-0abc",
    "splitLineItem/SplitCost": "0.04",
    "splitLineItem/UnusedCost": "0.01",
  };

  it("is kept for allocation without counting the instance twice", async () => {
    const rows = await mapped({ "lineItem/ResourceId": "i-0abc", "splitLineItem/ParentResourceId": "" }, pod);
    expect(total(rows, "BilledCost")).toBe("0.111");
    expect(total(rows, "EffectiveCost")).toBe("0.111");
    expect(fields(rows[1]!, "ListCost", "ContractedCost", "ConsumedQuantity", "ResourceType")).toEqual([
      "0",
      "0",
      "0",
      "Kubernetes Pod",
    ]);
    expect(extras(rows[1]!)).toMatchObject({
      x_SplitParentResourceId: "i-0abc",
      x_SplitCost: "0.04",
      x_SplitUnusedCost: "0.01",
    });
  });

  it("says so where a share has a cost of its own", async () => {
    expect(
      fields(
        await one({ ...pod, "lineItem/UnblendedCost": "0.05" }),
        "BilledCost",
        "EffectiveCost",
        "_raw_cost",
        "_rule",
      ),
    ).toEqual(["0", "0", "0.05", "split-cost-allocation"]);
  });
});

describe("places and resources", () => {
  it("are found from the product, the usage type or the zone", async () => {
    const cases: [Line, string | null, string | null][] = [
      [{ "product/regionCode": "us-west-2-lax-1" }, "us-west-2-lax-1", "US West (Los Angeles)"],
      [{ "product/region": "us-gov-west-1" }, "us-gov-west-1", "AWS GovCloud (US-West)"],
      [{ "lineItem/UsageType": "APS3-Requests-Tier1" }, "ap-south-1", "Asia Pacific (Mumbai)"],
      [{ "lineItem/UsageType": "ca-central-1-KMS-Keys" }, "ca-central-1", "Canada (Central)"],
      [{ "lineItem/UsageType": "EU-Requests-Tier1" }, "eu-west-1", "EU (Ireland)"],
      [{ "lineItem/UsageType": "EU-DataTransfer-Out-Bytes", "lineItem/ProductCode": "AmazonCloudFront" }, null, null],
      [
        { "lineItem/UsageType": "BoxUsage:m5.large", "lineItem/AvailabilityZone": "us-east-1b" },
        "us-east-1",
        "US East (N. Virginia)",
      ],
      [{ "lineItem/UsageType": "BoxUsage:m5.large" }, null, null],
      [{ "product/regionCode": "xx-new-9" }, "xx-new-9", "xx-new-9"],
    ];
    const rows = await mapped(...cases.map(([line]) => line));
    expect(rows.map((row) => fields(row, "RegionId", "RegionName"))).toEqual(cases.map(([, ...region]) => region));
  });

  it("keeps a zone, and not a region that stands in its place", async () => {
    expect((await one({ "lineItem/AvailabilityZone": "eu-west-2a" })).AvailabilityZone).toBe("eu-west-2a");
    expect((await one({ "lineItem/AvailabilityZone": "eu-west-2" })).AvailabilityZone).toBeNull();
  });

  it("names resources and their kinds", async () => {
    const cases: [product: string, id: string, name: string, type: string][] = [
      ["AmazonEC2", "i-0abc", "web-1", "EC2 Instance"],
      ["AmazonEC2", "arn:aws:ec2:eu-west-2:2:natgateway/nat-1", "nat-1", "NAT Gateway"],
      ["AmazonS3", "acme-logs", "acme-logs", "S3 Bucket"],
      ["AmazonS3", "arn:aws:s3:::acme-logs", "acme-logs", "S3 Bucket"],
      ["AWSLambda", "arn:aws:lambda:eu-west-2:2:function:resize", "resize", "Lambda Function"],
      ["AmazonRDS", "arn:aws:rds:eu-west-2:2:db:shop", "shop", "RDS Instance"],
      ["AWSQueueService", "arn:aws:sqs:eu-west-2:2:orders", "orders", "SQS Queue"],
      ["AWSELB", "arn:aws:elasticloadbalancing:eu-west-2:2:loadbalancer/app/front/50dc6c", "front", "Load Balancer"],
      ["AWSELB", "arn:aws:elasticloadbalancing:eu-west-2:2:loadbalancer/classic", "classic", "Load Balancer"],
      ["AmazonBraket", "arn:aws:braket:eu-west-2:2:quantum-task/q1", "q1", "quantum-task"],
    ];
    const rows = await mapped(
      ...cases.map(([product, id]) => ({
        "lineItem/ProductCode": product,
        "lineItem/ResourceId": id,
        "resourceTags/user:Name": "web-1",
      })),
    );
    expect(rows.map((row) => fields(row, "ResourceId", "ResourceName", "ResourceType"))).toEqual(
      cases.map(([, ...resource]) => resource),
    );
  });

  it("tells an unused capacity reservation", async () => {
    const id = "arn:aws:ec2:eu-west-2:2:capacity-reservation/cr-1";
    expect(
      fields(
        await one({ "lineItem/UsageType": "EUW2-UnusedBox:m5.large", "lineItem/ResourceId": id }),
        "CapacityReservationId",
        "CapacityReservationStatus",
      ),
    ).toEqual([id, "Unused"]);
    expect(
      fields(
        await one({
          "capacityReservation/CapacityReservationArn": id,
          "capacityReservation/CapacityReservationStatus": "Used",
        }),
        "CapacityReservationId",
        "CapacityReservationStatus",
      ),
    ).toEqual([id, "Used"]);
  });

  it("describes a machine by FOCUS's keys, numbers as numbers", async () => {
    const row = await one({
      "product/instanceType": "db.r5.4xlarge",
      "product/vcpu": "16",
      "product/memory": "1,952 GiB",
      "product/gpu": "NA",
      "product/operatingSystem": "Linux",
    });
    expect(JSON.parse(row.SkuPriceDetails!)).toEqual({
      InstanceType: "db.r5.4xlarge",
      InstanceSeries: "r5",
      CoreCount: 16,
      MemorySize: 1952,
      OperatingSystem: "Linux",
    });
  });
});

it("accounts for every cent of a bill with a line of each kind", async () => {
  const lines: Line[] = [
    {},
    coveredUsage,
    negation,
    planFee,
    reservedUsage,
    reservationFee,
    ...["Fee", "Tax", "Credit", "Refund", "EdpDiscount", "FlatRateSubscription", "Gift"].map((type, index) => ({
      "lineItem/LineItemType": type,
      "lineItem/UnblendedCost": `${index - 2}.00000000${index}`,
    })),
  ];
  const rows = await mapped(...lines);
  const published = rows.filter((row) => row._dropped === null && row._rejected === null);
  for (const row of rows.filter(
    (each) => each._dropped === null && !parseDecimal(each.BilledCost!).equals(each._raw_cost!),
  ))
    expect(row._rule).not.toBeNull();
  const bridge = sum(
    rows.map((row) =>
      row._dropped !== null
        ? parseDecimal(row._raw_cost!).negated()
        : parseDecimal(row.BilledCost!).minus(row._raw_cost!),
    ),
  );
  const rejected = rows.filter((row) => row._rejected !== null);
  expect(decimal(total(rows, "_raw_cost")).plus(bridge).toFixed()).toBe(
    decimal(total(published, "BilledCost")).plus(total(rejected, "_raw_cost")).toFixed(),
  );
  expect(rows.filter((row) => row._part === "line")).toHaveLength(lines.length);
});
