import { findServiceCategory } from "@finops/focus/service-categories";
import { describe, expect, it } from "vitest";
import type { BillHeader } from "../format.ts";
import { missingColumns } from "../render-mapping.ts";
import { runMapping } from "../testing/run-mapping.ts";
import { customFormat } from "./custom-format.ts";
import type { CsvDefinitionInput } from "./definition.ts";
import { csvFormats } from "./formats.ts";
import { vendorDefinitions } from "./vendors.ts";

const coffee: CsvDefinitionInput = {
  name: "Coffee Cloud",
  provider: "Coffee Inc.",
  currency: "EUR",
  columns: { BilledCost: "Amount", ChargePeriodStart: "Date" },
};
const read = (definition: unknown, csv: string, assume: Record<string, string> = {}) =>
  runMapping(customFormat(definition), [{ csv }], assume);
const header = (...names: string[]): BillHeader => ({
  fileName: "x.csv",
  container: "csv",
  columns: names.map((name) => ({ name, type: "VARCHAR" })),
  sample: [],
});

describe("a definition with an amount and a date", () => {
  it("derives the rest", async () => {
    const [row] = await read(coffee, "Date,Amount,Cup size\n2026-05-31,12.3400,L");
    expect(row).toMatchObject({
      BilledCost: "12.3400",
      EffectiveCost: "12.3400",
      _raw_cost: "12.3400",
      BillingCurrency: "EUR",
      ChargeCategory: "Usage",
      ChargePeriodStart: "2026-05-31 00:00:00",
      ChargePeriodEnd: "2026-06-01 00:00:00",
      BillingPeriodStart: "2026-05-01 00:00:00",
      BillingPeriodEnd: "2026-06-01 00:00:00",
      ServiceName: "Coffee Inc.",
      ProviderName: "Coffee Inc.",
      PublisherName: "Coffee Inc.",
      InvoiceIssuerName: "Coffee Inc.",
      BillingAccountId: "Coffee Inc.",
      ServiceCategory: "Other",
      ServiceSubcategory: "Other (Other)",
      _rejected: null,
      _rule: null,
    });
    expect(row).not.toHaveProperty("ListCost");
    expect(JSON.parse(row!["_extras"]!)).toEqual({ "x_Cup size": "L" });
  });

  it("says what it derived, and nothing of what the file has", () => {
    const notes = customFormat(coffee).mapping(header("Date", "Amount")).notes!.join(" ");
    expect(notes).toContain("EffectiveCost is BilledCost");
    expect(notes).toContain("BillingCurrency is EUR");
    expect(
      customFormat({ ...coffee, columns: { ...coffee.columns, EffectiveCost: "Net" } })
        .mapping(header("Date", "Amount", "Net"))
        .notes!.join(" "),
    ).not.toContain("EffectiveCost");
  });

  it("asks for the currency where neither the file nor the definition has it", async () => {
    const { currency: _, ...bare } = coffee;
    const format = customFormat(bare);
    const columns = header("Date", "Amount").columns;
    expect(missingColumns(format.mapping(header("Date", "Amount")), columns, {})).toEqual([
      "BillingCurrency (or --assume BillingCurrency=…)",
    ]);
    const [row] = await read(bare, "Date,Amount\n2026-05-31,1", { BillingCurrency: "CHF" });
    expect(row!["BillingCurrency"]).toBe("CHF");
  });

  it("keeps an hour, and ends the charge with its day", async () => {
    const [row] = await read(coffee, "Date,Amount\n2026-05-31T22:30:00+02:00,1");
    expect(row).toMatchObject({ ChargePeriodStart: "2026-05-31 20:30:00", ChargePeriodEnd: "2026-06-01 00:00:00" });
  });
});

describe("a definition of a German monthly list", () => {
  const german: CsvDefinitionInput = {
    name: "Rechnung",
    provider: "Beispiel GmbH",
    decimalComma: true,
    columns: {
      BilledCost: "Betrag",
      BillingCurrency: "Währung",
      BillingPeriodStart: { column: "Von", format: "%d.%m.%Y" },
      BillingPeriodEnd: { column: "Bis", format: "%d.%m.%Y", inclusive: true },
      ChargeCategory: { column: "Art", values: { Nutzung: "Usage", Gutschrift: "Credit" } },
      ServiceCategory: { value: "Compute" },
      ServiceName: "Dienst",
      Tags: { columns: ["Kostenstelle", "Projekt"] },
    },
  };
  const lines = (...rows: string[]) => ["Von,Bis,Betrag,Währung,Art,Dienst,Kostenstelle,Projekt", ...rows].join("\n");

  it("reads decimal commas, written dates, translated words and tags of columns", async () => {
    const rows = await read(
      german,
      lines(
        '01.05.2026,31.05.2026,"1.234,50 €",eur,Nutzung,Server,4711,',
        '01.05.2026,31.05.2026,"-0,5",EUR,Gutschrift,,,"a ""b"""',
      ),
    );
    expect(rows[0]).toMatchObject({
      BilledCost: "1234.50",
      _raw_cost: "1234.50",
      EffectiveCost: "1234.50",
      BillingCurrency: "EUR",
      ChargeCategory: "Usage",
      ServiceName: "Server",
      ServiceSubcategory: "Other (Compute)",
      BillingPeriodEnd: "2026-06-01 00:00:00",
      ChargePeriodStart: "2026-05-01 00:00:00",
      ChargePeriodEnd: "2026-06-01 00:00:00",
      Tags: '{"Kostenstelle":"4711"}',
    });
    expect(rows[1]).toMatchObject({ BilledCost: "-0.5", ChargeCategory: "Credit", ServiceName: "Beispiel GmbH" });
    expect(JSON.parse(rows[1]!["Tags"]!)).toEqual({ Projekt: 'a "b"' });
  });

  it("rejects what it cannot read, each with its reason", async () => {
    const rows = await read(
      german,
      lines(
        "2026/05/01,31.05.2026,1,EUR,Nutzung,,,",
        "01.05.2026,31.05.2026,1.5,EUR,Nutzung,,,",
        "01.05.2026,31.05.2026,1,EUR,Spende,,,",
      ),
    );
    expect(rows.map((row) => row["_rejected"])).toEqual([
      'The date "2026/05/01" is not written as %d.%m.%Y.',
      'BilledCost "1.5" is not a number with a decimal comma.',
      'ChargeCategory "Spende" is none of Usage, Purchase, Tax, Credit and Adjustment. Translate it in the values of the mapping.',
    ]);
  });
});

describe("amounts and dates", () => {
  it("reads money as people write it, and leaves exponents and long decimals alone", async () => {
    const rows = await read(
      coffee,
      'Date,Amount\n2026-05-01,"$1,234.50"\n2026-05-01,(12.00)\n2026-05-01,35.2E-7\n2026-05-01,0.12345678901234567890123456\n2026-05-01,twelve',
    );
    expect(rows.map((row) => row["BilledCost"])).toEqual([
      "1234.50",
      "-12.00",
      "35.2E-7",
      "0.12345678901234567890123456",
      "twelve",
    ]);
  });

  it("reads seconds since 1970", async () => {
    const [row] = await read(
      { ...coffee, columns: { BilledCost: "Amount", ChargePeriodStart: { column: "t", format: "unix" } } },
      "t,Amount\n1790553600,1",
    );
    expect(row!["ChargePeriodStart"]).toBe("2026-09-28 00:00:00");
  });

  it("leaves out rows that are no charges, by a rule of the definition", async () => {
    const rows = await read(
      {
        ...coffee,
        skip: [
          { rule: "grand-total", column: "Date", values: ["Total", ""], because: "The last line adds up the others." },
        ],
      },
      "Date,Amount\n2026-05-01,1\nTotal,1\n,1",
    );
    expect(rows.map((row) => row["_dropped"])).toEqual([null, "grand-total", "grand-total"]);
  });
});

describe("definitions that cannot be used", () => {
  it.each([
    [{ ...coffee, columns: { ChargePeriodStart: "Date" } }, "Say which column is BilledCost."],
    [{ ...coffee, columns: { BilledCost: "Amount" } }, "Say which column is the date"],
    [{ ...coffee, columns: { ...coffee.columns, Colour: "x" } }, "Colour"],
    [{ ...coffee, currency: "euro" }, "A currency is three capital letters"],
    [{ ...coffee, columns: { ...coffee.columns, ServiceName: { columns: ["a"] } } }, "Only Tags"],
    ["Amount", "The CSV mapping cannot be used."],
  ])("%#: names the fault", (definition, sentence) => {
    expect(() => customFormat(definition)).toThrow(sentence);
  });
});

describe("vendors", () => {
  const format = (id: string) => csvFormats.find((candidate) => candidate.id === id)!;
  const rows = (id: string, csv: string, assume = {}) => runMapping(format(id), [{ csv }], assume);

  it("are recognised by their headers, and a user's own definition of the same file wins", () => {
    const github = header(
      ..."date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,organization,repository,cost_center_name".split(
        ",",
      ),
    );
    expect(csvFormats.flatMap((candidate) => (candidate.detect(github) === null ? [] : [candidate.id]))).toEqual([
      "github-usage-report",
    ]);
    const own = customFormat({
      ...coffee,
      columns: { BilledCost: "net_amount", ChargePeriodStart: "date", ServiceName: "product" },
    });
    expect(own.detect(github)!.confidence).toBeGreaterThan(format("github-usage-report").detect(github)!.confidence);
    expect(customFormat(coffee).detect(header("Date", "Amount"))!.confidence).toBeLessThan(0.6);
  });

  it("name categories that belong together", () => {
    for (const [id, definition] of Object.entries(vendorDefinitions)) {
      const subcategory = definition.columns.ServiceSubcategory as {
        value?: string;
        values?: Record<string, string>;
        otherwise?: string;
      };
      const category = (definition.columns.ServiceCategory as { value: string } | undefined)?.value;
      for (const name of [subcategory.value, subcategory.otherwise, ...Object.values(subcategory.values ?? {})].filter(
        (text) => text !== undefined,
      )) {
        expect([id, name, findServiceCategory(name)]).toEqual([id, name, category ?? findServiceCategory(name)]);
        expect(findServiceCategory(name)).not.toBeNull();
      }
    }
  });

  it("OpenAI: days without an amount are left out, the currency is written in capitals", async () => {
    const csv = [
      "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,user_id,api_key_id,project_id,organization_id,project_name,organization_name,user_email,api_source",
      "1790467200,1790553600,2026-09-27T00:00:00+00:00,2026-09-28T00:00:00+00:00,,,,,,,,,,,,,",
      '1790553600,1790640000,2026-09-28T00:00:00+00:00,2026-09-29T00:00:00+00:00,0.003835980000000000000000000000,usd,,,"gpt-5, input",,,proj_1,org-1,Web,Acme,,',
    ].join("\n");
    const [empty, charge] = await rows("openai-cost", csv);
    expect(empty!["_dropped"]).toBe("day-without-cost");
    expect(charge).toMatchObject({
      BilledCost: "0.003835980000000000000000000000",
      BillingCurrency: "USD",
      ChargePeriodEnd: "2026-09-29 00:00:00",
      BillingPeriodEnd: "2026-10-01 00:00:00",
      BillingAccountId: "org-1",
      SubAccountId: "proj_1",
      SubAccountName: "Web",
      ServiceName: "OpenAI API",
      ServiceCategory: "AI and Machine Learning",
      ServiceSubcategory: "Generative AI",
      ChargeDescription: "gpt-5, input",
      _dropped: null,
    });
  });

  it("Anthropic: the list price is there in newer exports only", async () => {
    const [newer] = await rows(
      "anthropic-cost",
      "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed\n2026-08-05,Claude Sonnet 4.5,Default,ci,message,≤ 200k,output,0.13,0.15,token,global,",
    );
    expect(newer).toMatchObject({
      BilledCost: "0.13",
      ListCost: "0.15",
      BillingCurrency: "USD",
      SkuId: "Claude Sonnet 4.5",
      SkuMeter: "output",
      SubAccountName: "Default",
      ResourceId: "ci",
      RegionId: "global",
    });
    const [older] = await rows(
      "anthropic-cost",
      "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,cost_type\n2025-12-01,Claude Haiku 4.5,Default,ci,message,≤ 200k,output,0.13,token",
    );
    expect(older).not.toHaveProperty("ListCost");
    expect(older).toMatchObject({ BilledCost: "0.13", ChargePeriodStart: "2025-12-01 00:00:00" });
  });

  it("Datadog: totals are left out, since they repeat the charges", async () => {
    const csv =
      "date,org_name,public_id,product_name,charge_type,cost\n2026-05-01T00:00:00Z,acme,p1,infra_host,committed,100\n2026-05-01T00:00:00Z,acme,p1,infra_host,on_demand,20\n2026-05-01T00:00:00Z,acme,p1,infra_host,total,120";
    const charges = await rows("datadog-cost", csv);
    expect(charges.map((row) => [row["_dropped"], row["BilledCost"], row["PricingCategory"]])).toEqual([
      [null, "100", "Committed"],
      [null, "20", "Standard"],
      ["total-of-charges", "120", "total"],
    ]);
    expect(charges[0]).toMatchObject({
      ChargePeriodStart: "2026-05-01 00:00:00",
      ChargePeriodEnd: "2026-06-01 00:00:00",
      ServiceCategory: "Management and Governance",
      SubAccountId: "p1",
    });
  });

  it("Snowflake: a rebate is a credit", async () => {
    const csv =
      "ORGANIZATION_NAME,CONTRACT_NUMBER,ACCOUNT_NAME,ACCOUNT_LOCATOR,REGION,SERVICE_LEVEL,USAGE_DATE,USAGE_TYPE,USAGE,CURRENCY,USAGE_IN_CURRENCY,BALANCE_SOURCE,BILLING_TYPE,RATING_TYPE,SERVICE_TYPE,IS_ADJUSTMENT\nACME,C1,PROD,XY1,AWS_EU,Enterprise,2026-05-02,compute,3.5,USD,10.50,capacity,consumption,compute,WAREHOUSE_METERING,false\nACME,C1,PROD,XY1,AWS_EU,Enterprise,2026-05-02,rebate,0,USD,-1.00,rebate,rebate,other,,false";
    const usage = await rows("snowflake-usage-in-currency", csv);
    expect(usage.map((row) => [row["BilledCost"], row["ChargeCategory"]])).toEqual([
      ["10.50", "Usage"],
      ["-1.00", "Credit"],
    ]);
    expect(usage[0]).toMatchObject({
      SkuMeter: "WAREHOUSE_METERING",
      SubAccountId: "XY1",
      ServiceCategory: "Databases",
    });
    expect(JSON.parse(usage[0]!["_extras"]!)).toMatchObject({
      x_USAGE_TYPE: "compute",
      x_BALANCE_SOURCE: "capacity",
      x_BILLING_TYPE: "consumption",
    });
  });

  it("MongoDB Atlas: dates are American, the currency has to be given", async () => {
    const [row] = await rows(
      "mongodb-atlas-invoice",
      "Date,Usage Date,SKU,Description,Project,Cluster,Quantity,Unit,Unit Price,Amount\n05/03/2026,05/02/2026,ATLAS_AWS_INSTANCE_M10,M10,web,c0,24,hours,0.08,1.92",
      { BillingCurrency: "USD" },
    );
    expect(row).toMatchObject({
      BilledCost: "1.92",
      ChargePeriodStart: "2026-05-02 00:00:00",
      SubAccountName: "web",
      ResourceName: "c0",
      ContractedUnitPrice: "0.08",
      ChargeCategory: "Usage",
    });
    expect(JSON.parse(row!["_extras"]!)).toEqual({ x_Date: "05/03/2026" });
  });

  it("GitHub: billed is the net amount, listed the gross amount", async () => {
    const [row] = await rows(
      "github-usage-report",
      "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,organization,repository,cost_center_name\n2026-04-01,actions,actions_linux,10,minutes,0.006,12,2,10,org-a,repo-a,cc-1",
    );
    expect(row).toMatchObject({
      BilledCost: "10",
      ListCost: "12",
      ListUnitPrice: "0.006",
      ServiceName: "actions",
      ServiceCategory: "Developer Tools",
      ServiceSubcategory: "Continuous Integration and Deployment",
      SubAccountId: "org-a",
      Tags: '{"cost_center_name":"cc-1"}',
    });
    expect(JSON.parse(row!["_extras"]!)).toEqual({ x_discount_amount: "2" });
  });
});
