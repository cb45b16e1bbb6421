import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseDecimal } from "@finops/kernel/decimal";
import { describe, expect, it } from "vitest";
import { runMapping } from "../../../testing/run-mapping.ts";
import { hasSampleBills, readHeader, sampleBill, sumOf, sumOfColumn } from "../../../testing/sample-bills.ts";
import { azureFormats } from "../../formats.ts";

const format = azureFormats[0]!;
const actual = sampleBill("bills/azure-cost/EA_ActualCost_Small.csv");
const amortized = sampleBill("bills/azure-cost/EA_AmortizedCost_Small.csv");

describe.skipIf(!hasSampleBills)("Microsoft's sample exports", () => {
  it("as a pair are billed what the actual file says and cost what the amortized file says", async () => {
    const rows = await runMapping(format, [
      { path: actual, role: "actual" },
      { path: amortized, role: "amortized" },
    ]);
    const published = rows.filter((row) => row["_dropped"] === null);
    expect(sumOf(published, "BilledCost").toString()).toBe("8.5450077867419368");
    expect(sumOf(published, "EffectiveCost").toString()).toBe("16.296932136636644627485419");
    expect(sumOf(published, "BilledCost").toString()).toBe((await sumOfColumn(actual, "Cost")).toString());
    expect(sumOf(published, "EffectiveCost").toString()).toBe((await sumOfColumn(amortized, "Cost")).toString());
  });

  it("as a pair explain every difference between raw and billed cost by a rule", async () => {
    const rows = await runMapping(format, [
      { path: actual, role: "actual" },
      { path: amortized, role: "amortized" },
    ]);
    const ruleOf = (row: (typeof rows)[number]) => row["_dropped"] ?? row["_rule"] ?? "as stated";
    const rules = [...new Set(rows.map(ruleOf))].map(
      (rule) => [rule, rows.filter((row) => ruleOf(row) === rule)] as const,
    );
    // By hand: all ten usage rows of the actual file stand in the amortized one; its reservation purchase of 3.25 does not. Of the
    // other 18 amortized rows, one is under a reservation, one under a savings plan, and 16 (one of them free) the actual file lacks.
    expect(
      Object.fromEntries(
        rules.map(([rule, members]) => [rule, [members.length, sumOf(members, "_raw_cost").toString()]]),
      ),
    ).toEqual({
      "stated-by-amortized": [10, "5.2950077867419368"],
      "covered-by-commitment": [2, "0.499152000468"],
      "not-in-actual": [15, "10.502772349426707827485419"],
      "as stated": [12, "8.5450077867419368"],
    });
    expect(
      rows.filter((row) => !parseDecimal(row["BilledCost"]!).equals(row["_raw_cost"]!) && row["_rule"] === null),
    ).toEqual([]);
  });

  it("alone are billed their own cost, covered usage apart", async () => {
    const ea = await runMapping(format, [{ path: sampleBill("bills/azure-cost/ea_export_sample.csv") }]);
    const cost = await sumOfColumn(sampleBill("bills/azure-cost/ea_export_sample.csv"), "CostInBillingCurrency");
    expect(cost.toString()).toBe("1.26136926505726");
    expect([sumOf(ea, "BilledCost").toString(), sumOf(ea, "EffectiveCost").toString()]).toEqual([
      cost.toString(),
      cost.toString(),
    ]);
    expect(new Set(ea.map((row) => row["BillingCurrency"]))).toEqual(new Set(["CAD"]));
    const alone = await runMapping(format, [{ path: amortized, role: "amortized" }]);
    expect(sumOf(alone, "BilledCost").toString()).toBe(
      (await sumOfColumn(amortized, "Cost")).minus("0.499152000468").toString(),
    );
  });

  it("have a mapped service, period and region wherever the row tells one", async () => {
    const rows = await runMapping(format, [{ path: amortized, role: "amortized" }]);
    expect(rows.filter((row) => row["ServiceCategory"] === "Other" || row["_rejected"] !== null)).toEqual([]);
    expect(rows.filter((row) => row["RegionId"] === null)).toHaveLength(1);
    expect(new Set(rows.map((row) => `${row["BillingPeriodStart"]} ${row["BillingPeriodEnd"]}`))).toEqual(
      new Set(["2023-09-01 00:00:00 2023-10-01 00:00:00"]),
    );
  });

  it("are the only sample bills that are taken for cost details", async () => {
    const folder = sampleBill("bills");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (file) => statSync(join(folder, file)).isFile() && file.endsWith(".csv"),
    );
    const taken: string[] = [];
    for (const file of files) if (format.detect(await readHeader(join(folder, file))) !== null) taken.push(file);
    expect(taken.sort()).toEqual([
      "azure-cost/EA_ActualCost_Small.csv",
      "azure-cost/EA_AmortizedCost_Small.csv",
      "azure-cost/ea_export_sample.csv",
    ]);
  });
});
