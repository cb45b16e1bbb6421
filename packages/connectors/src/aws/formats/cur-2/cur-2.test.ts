import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvText } from "../../../testing/csv-text.ts";
import { type MappedRow, runMapping } from "../../../testing/run-mapping.ts";
import { curLegacy } from "../cur-legacy/cur-legacy.ts";
import { cur2 } from "./cur-2.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finops-cur-2-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A line as AWS's parquet has it: amounts as DOUBLE, rates as text, tags and attributes as maps. */
const line: Record<string, string> = {
  bill_bill_type: "'Anniversary'",
  bill_payer_account_id: "'111111111111'",
  bill_payer_account_name: "'Acme'",
  bill_billing_period_start_date: "TIMESTAMP '2026-08-01'",
  bill_billing_period_end_date: "TIMESTAMP '2026-09-01'",
  line_item_line_item_type: "'Usage'",
  line_item_usage_account_id: "'222222222222'",
  line_item_usage_account_name: "'shop'",
  line_item_usage_start_date: "TIMESTAMP '2026-08-05 10:00:00'",
  line_item_usage_end_date: "TIMESTAMP '2026-08-05 11:00:00'",
  line_item_product_code: "'AmazonEC2'",
  line_item_resource_id: "'i-0abc'",
  line_item_usage_type: "'EUW2-BoxUsage:m5.large'",
  line_item_usage_amount: "1.0::DOUBLE",
  line_item_currency_code: "'USD'",
  line_item_unblended_rate: "'0.1110000000'",
  line_item_unblended_cost: "0.111::DOUBLE",
  pricing_public_on_demand_rate: "'0.1110000000'",
  pricing_public_on_demand_cost: "0.111::DOUBLE",
  pricing_unit: "'Hrs'",
  product_sku: "'SKU1'",
  product_instance_type: "'m5.large'",
  product_region_code: "'eu-west-2'",
  product: "MAP {'vcpu': '2', 'memory': '8 GiB', 'operating_system': 'Linux'}",
  resource_tags: "MAP {'user_team': 'web', 'user_name': 'front', 'aws_created_by': 'Root'}",
  cost_category: "MAP {'unit': 'a \"b\",\"c\": d'}",
  discount: "CAST(MAP {} AS MAP(VARCHAR, DOUBLE))",
};

async function mappedParquet(...lines: Record<string, string>[]): Promise<MappedRow[]> {
  const path = join(folder, `${crypto.randomUUID()}.parquet`);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const selects = lines.map(
    (each) =>
      `SELECT ${Object.entries({ ...line, ...each })
        .map(([name, sql]) => `${sql} AS ${name}`)
        .join(", ")}`,
  );
  await connection.run(`COPY (${selects.join(" UNION ALL ")}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const rows = await runMapping(cur2, [{ path }]);
  return rows.toSorted((a, b) =>
    `${a.CommitmentDiscountStatus} ${a.BilledCost}`.localeCompare(`${b.CommitmentDiscountStatus} ${b.BilledCost}`),
  );
}

describe("parquet", () => {
  it("takes accounts, attributes and maps from where CUR 2.0 has them", async () => {
    const [row] = await mappedParquet({});
    expect(row).toMatchObject({
      BillingAccountName: "Acme",
      SubAccountName: "shop",
      ResourceName: "front",
      ResourceType: "EC2 Instance",
      RegionName: "EU (London)",
      BilledCost: "0.111",
      ListCost: "0.111",
      ListUnitPrice: "0.111",
      PricingUnit: "Hours",
    });
    expect(JSON.parse(row!.Tags!)).toEqual({
      team: "web",
      name: "front",
      "aws:created_by": "Root",
      "costCategory/unit": 'a "b","c": d',
    });
    expect(JSON.parse(row!.SkuPriceDetails!)).toEqual({
      InstanceType: "m5.large",
      InstanceSeries: "m5",
      CoreCount: 2,
      MemorySize: 8,
      OperatingSystem: "Linux",
    });
    expect(JSON.parse(row!._extras!)).toEqual({ x_LineItemType: "Usage" });
  });

  it("has no tags where a line has none", async () => {
    const empty = "CAST(MAP {} AS MAP(VARCHAR, VARCHAR))";
    expect((await mappedParquet({ resource_tags: empty, cost_category: empty }))[0]!.Tags).toBeNull();
  });

  it("finds the name of a marketplace product in the map", async () => {
    expect(
      (await mappedParquet({ line_item_product_code: "'4uxb'", product: "MAP {'product_name': 'Acme Firewall'}" }))[0]!
        .ServiceName,
    ).toBe("Acme Firewall");
  });

  it("takes all tags from the column that holds them all", async () => {
    const [row] = await mappedParquet({
      tags: "MAP {'resourceTags/Name': 'front', 'accountTag/team': 'c', 'costCategory/team': 'd'}",
    });
    expect(JSON.parse(row!.Tags!)).toEqual({ Name: "front", "accountTag/team": "c", "costCategory/team": "d" });
    expect(row!.ResourceName).toBe("front");
  });

  it("takes net costs where they are stated, and names the discounts that they contain", async () => {
    const [row] = await mappedParquet({
      line_item_net_unblended_cost: "0.0999::DOUBLE",
      line_item_net_unblended_rate: "'0.0999'",
      discount: "MAP {'edp_discount': -0.0111::DOUBLE}",
    });
    expect(row).toMatchObject({
      BilledCost: "0.0999",
      ContractedCost: "0.0999",
      ContractedUnitPrice: "0.0999",
      ListCost: "0.111",
    });
    expect(JSON.parse(row!._extras!).x_Discounts).toBe('{"edp_discount":-0.0111}');
  });

  it("splits a savings plan's fee, exactly although its amounts are floats", async () => {
    const plan = "'arn:aws:savingsplans::1:savingsplan/p'";
    const [, fee, unused] = await mappedParquet(
      {
        savings_plan_savings_plan_a_r_n: "NULL::VARCHAR",
        savings_plan_total_commitment_to_date: "NULL::DOUBLE",
        savings_plan_used_commitment: "NULL::DOUBLE",
        line_item_unblended_cost: "0.05::DOUBLE",
      },
      {
        line_item_line_item_type: "'SavingsPlanRecurringFee'",
        savings_plan_savings_plan_a_r_n: plan,
        savings_plan_total_commitment_to_date: "0.3::DOUBLE",
        savings_plan_used_commitment: "0.1::DOUBLE",
        line_item_unblended_cost: "0.3::DOUBLE",
      },
    );
    expect(fee).toMatchObject({ ChargeCategory: "Purchase", BilledCost: "0.3", EffectiveCost: "0.0" });
    expect(unused).toMatchObject({
      _part: "unused-commitment",
      CommitmentDiscountStatus: "Unused",
      EffectiveCost: "0.2",
      CommitmentDiscountQuantity: "0.2",
    });
  });
});

describe("csv", () => {
  const text: Record<string, string> = {
    bill_payer_account_id: "111111111111",
    bill_payer_account_name: "Acme",
    bill_billing_period_start_date: "2026-08-01T00:00:00.000Z",
    bill_billing_period_end_date: "2026-09-01T00:00:00.000Z",
    line_item_line_item_type: "Usage",
    line_item_usage_start_date: "2026-08-05T10:00:00.000Z",
    line_item_usage_end_date: "2026-08-05T11:00:00.000Z",
    line_item_product_code: "AmazonS3",
    line_item_currency_code: "USD",
    line_item_unblended_cost: "0.0000000920",
  };

  it("reads the maps as JSON text", async () => {
    const [row] = await runMapping(cur2, [
      {
        csv: csvText([
          {
            ...text,
            resource_tags: '{"user_team": "web", "aws_created_by": null}',
            cost_category: '{"unit":"Shop"}',
            product: '{"product_name":"Amazon Simple Storage Service","region":"eu-west-2"}',
          },
        ]),
      },
    ]);
    expect(JSON.parse(row!.Tags!)).toEqual({ team: "web", "costCategory/unit": "Shop" });
    expect(row).toMatchObject({
      BilledCost: "0.0000000920",
      RegionId: "eu-west-2",
      ServiceName: "Amazon Simple Storage Service",
    });
  });

  it("rejects a line whose tags cannot be read", async () => {
    const [row] = await runMapping(cur2, [{ csv: csvText([{ ...text, resource_tags: "{team" }]) }]);
    expect(row!._rejected).toBe("The column resource_tags is not a JSON object: {team");
  });
});

it("is told from the legacy report for Athena by columns that only it has", () => {
  const header = (...names: string[]) => ({
    fileName: "x.parquet",
    container: "parquet" as const,
    columns: names.map((name) => ({ name, type: "VARCHAR" })),
    sample: [],
  });
  const common = ["line_item_line_item_type", "line_item_unblended_cost", "line_item_product_code"];
  const newer = header(...common, "resource_tags");
  expect(cur2.detect(newer)!.confidence).toBeGreaterThan(curLegacy.detect(newer)!.confidence);
  expect(cur2.detect(header(...common, "resource_tags_user_team"))).toBeNull();
});
