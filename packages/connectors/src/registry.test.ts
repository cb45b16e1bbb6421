import { AppError } from "@finops/kernel/app-error";
import { describe, expect, it } from "vitest";
import type { BillHeader } from "./format.ts";
import { allFormats, detectFormat, getFormat, planDeliveries } from "./registry.ts";
import { hasSampleBills, readHeader, sampleBill } from "./testing/sample-bills.ts";

const header = (...names: string[]): BillHeader => ({
  fileName: "bill.csv",
  container: "csv",
  columns: names.map((name) => ({ name, type: "VARCHAR" })),
  sample: [],
});
const failure = (run: () => unknown): AppError => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("It should have thrown.");
};

describe("detecting a bill", () => {
  it("says what it found and what the nearest formats lack, when nothing fits", () => {
    const error = failure(() => detectFormat(header("BilledCost", "EffectiveCost", "Weather")));
    expect(error.code).toBe("invalid");
    expect(error.message).toMatch(
      /^bill\.csv is no bill that is known\. It has the columns BilledCost, EffectiveCost, Weather\. Nearest: FOCUS .*would need BillingCurrency/,
    );
    expect(error.facts["columns"]).toEqual(["BilledCost", "EffectiveCost", "Weather"]);
  });

  it("names no nearest format for a file that has nothing of a bill", () => {
    expect(failure(() => detectFormat(header("Weather", "Mood"))).message).toContain(
      "No known bill has any of them. A CSV of another vendor",
    );
  });

  it("reads a file as the format that the user names, and says which columns it then lacks", () => {
    const error = failure(() => detectFormat(header("BilledCost", "ChargeCategory"), { format: "focus" }));
    expect(error.message).toContain(
      "bill.csv cannot be read as FOCUS 1.0 to 1.4: it lacks BillingCurrency (or --assume BillingCurrency=…)",
    );
    expect(error.message).toContain("EffectiveCost");
    const spec = header(
      "BilledCost",
      "EffectiveCost",
      "ChargeCategory",
      "BillingPeriodStart",
      "BillingPeriodEnd",
      "ChargePeriodStart",
      "ChargePeriodEnd",
    );
    expect(detectFormat(spec, { format: "focus" }).format.id).toBe("focus");
    expect(detectFormat(spec, { format: "focus", assume: { BillingCurrency: "USD" } }).format.id).toBe("focus");
    expect(() => detectFormat(spec, { format: "focus", assume: {} })).toThrow("it lacks BillingCurrency");
  });

  it("chooses among the formats of a connector that the user names", () => {
    const columns = [
      "BilledCost",
      "EffectiveCost",
      "ChargeCategory",
      "ChargePeriodStart",
      "x_ServiceCode",
      "x_Operation",
    ];
    expect(detectFormat(header(...columns), { format: "aws" }).format.id).toBe("aws-focus");
    expect(() => detectFormat(header(...columns), { format: "aliens" })).toThrow(
      '"aliens" is no bill format. Known are ',
    );
  });

  it("takes a user's own mapping before anything else", () => {
    const definition = {
      name: "Coffee",
      provider: "Coffee Inc.",
      currency: "EUR",
      columns: { BilledCost: "net_amount", ChargePeriodStart: "date" },
    };
    const github = header(
      "date",
      "product",
      "sku",
      "unit_type",
      "applied_cost_per_quantity",
      "gross_amount",
      "net_amount",
    );
    expect(detectFormat(github).format.id).toBe("github-usage-report");
    expect(detectFormat(github, { definition }).format.label).toBe("Coffee");
    expect(getFormat("csv", definition).label).toBe("Coffee");
    expect(() => getFormat("csv").mapping(github)).toThrow("needs a mapping");
  });

  it("has no two formats of one id", () => {
    const ids = allFormats().map((format) => format.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("planning deliveries", () => {
  it("leaves files that no manifest explains to be grouped by their headers", async () => {
    expect(
      await planDeliveries([{ path: "a/bill.csv", bytes: 10 }], () => Promise.reject(new Error("no manifest"))),
    ).toEqual({ deliveries: [], unclaimed: ["a/bill.csv"] });
  });
});

describe.skipIf(!hasSampleBills)("every sample bill", () => {
  const bills: Record<string, string> = {
    "aws-cur-legacy/cur_legacy_sample.csv": "aws",
    "azure-cost/EA_ActualCost_Small.csv": "azure",
    "azure-cost/EA_AmortizedCost_Small.csv": "azure",
    "azure-cost/ea_export_sample.csv": "azure",
    "focus-1.0/focus_sample.csv": "focus",
    ...Object.fromEntries(
      ["1.2", "1.3"].flatMap((version) =>
        ["aws", "azure", "gcp"].map((cloud) => [
          `focus-${version}/${cloud}_${version.replace(".", "_")}_rows100.csv`,
          "focus",
        ]),
      ),
    ),
    ...Object.fromEntries(
      ["aws", "azure", "gcp"].map((cloud) => [`focus-1.3/${cloud}_1_3_contract_commitment.csv`, "focus"]),
    ),
    "gcp-billing/gcp_2022-08-01_5.csv": "gcp",
    "oci-cost/oci_cost_report.csv": "oci",
  };

  it.each(Object.entries(bills))("%s is known as a bill of %s", async (path, connector) => {
    const found = await readHeader(sampleBill(`bills/${path}`));
    const { format, detection } = detectFormat(found);
    expect([format.connector, format.id === "focus-contract-commitment"]).toEqual([
      connector,
      path.includes("contract_commitment"),
    ]);
    expect(format.id === "focus" || detection.confidence >= 0.9).toBe(true);
    const sure = allFormats().filter((candidate) => (candidate.detect(found)?.confidence ?? 0) >= 0.9);
    expect(sure.length).toBeLessThanOrEqual(1);
  });
});
