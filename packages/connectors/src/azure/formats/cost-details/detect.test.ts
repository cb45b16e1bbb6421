import { describe, expect, it } from "vitest";
import type { BillHeader } from "../../../format.ts";
import { detectCostDetails } from "./detect.ts";

const columns = [
  "SubscriptionId",
  "Date",
  "MeterId",
  "MeterCategory",
  "MeterSubCategory",
  "ConsumedService",
  "ChargeType",
  "PricingModel",
  "CostInBillingCurrency",
];

function header(fileName: string, rows: string[][] = [], names = columns): BillHeader {
  return {
    fileName,
    container: "csv",
    columns: names.map((name) => ({ name, type: "VARCHAR" })),
    sample: rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
  };
}

const row = (type: string, model: string, cost: string) => [
  "s",
  "2024-01-01",
  "m",
  "Virtual Machines",
  "BS",
  "Microsoft.Compute",
  type,
  model,
  cost,
];
const role = (file: BillHeader) => detectCostDetails(file)?.role;

describe("detection of Azure cost details", () => {
  it("goes by the columns, in any case and language", () => {
    expect(detectCostDetails(header("a.csv"))).toMatchObject({
      confidence: 0.97,
      because: expect.stringContaining("Enterprise Agreement"),
    });
    expect(
      detectCostDetails(
        header(
          "a.csv",
          [],
          columns.map((name) => `Irgendwas (${name.toLowerCase()})`),
        ),
      )?.confidence,
    ).toBe(0.97);
    expect(detectCostDetails(header("a.csv", [], [...columns, "exchangeRatePricingToBilling"]))?.because).toContain(
      "Microsoft Customer Agreement",
    );
    expect(
      detectCostDetails(
        header(
          "a.csv",
          [],
          columns.filter((name) => name !== "MeterCategory"),
        ),
      ),
    ).toBeNull();
  });

  it("takes the role from the nearest name in the path", () => {
    expect(role(header("EA_ActualCost_Small.csv"))).toBe("actual");
    expect(role(header("exports/amortised/2024-01.csv"))).toBe("amortized");
    expect(role(header("amortized/acme-actual.csv"))).toBe("actual");
    expect(role(header("actual-and-amortized.csv"))).toBeUndefined();
    expect(role(header("factual.csv"))).toBeUndefined();
  });

  it("takes the role from the rows where no name tells", () => {
    expect(role(header("a.csv", [row("Usage", "OnDemand", "1"), row("UnusedReservation", "Reservation", "1")]))).toBe(
      "amortized",
    );
    expect(role(header("a.csv", [row("Usage", "SavingsPlan", "0.5")]))).toBe("amortized");
    expect(role(header("a.csv", [row("Usage", "Reservation", "0.00")]))).toBe("actual");
    expect(role(header("a.csv", [row("Purchase", "Reservation", "100")]))).toBe("actual");
    expect(role(header("a.csv", [row("Usage", "OnDemand", "1")]))).toBeUndefined();
  });
});
