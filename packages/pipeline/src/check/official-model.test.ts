import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { checkFile } from "./check-file.ts";
import type { Conformance } from "./conformance.ts";
import { modelRules } from "./model-file.ts";
import { ownRules } from "./own-rules.ts";
import type { RuleSet } from "./rule.ts";
import { checkRows, coveredRow, failedRules, type Row, taxRow, usageRow } from "./testing.ts";

const data = process.env["FINOPS_ACCEPTANCE_DATA"] ?? "../shared/data";
const model = `${data}/../focus/rules/model-1.2.json`;
const corrections = `${data}/../focus/rules/model-1.2.patches.json`;

const composites = (conformance: Conformance) => conformance.results.filter((result) => result.composite === true);

describe.skipIf(!existsSync(model))("the official 1.2 model", () => {
  let rules: RuleSet;
  let corrected: RuleSet;
  beforeAll(async () => {
    rules = await modelRules(model);
    corrected = await modelRules(model, corrections);
  });

  it("runs all of its 268 executable rules but the three that need outside knowledge", async () => {
    const conformance = await checkRows([usageRow], rules, { applicability: "all" });
    expect(conformance.rules).toBe(265);
    expect(composites(conformance).length).toBe(143);
    expect(conformance.results.length).toBe(621);
  });

  it("has nothing to say against rows that follow the specification", async () => {
    expect(failedRules(await checkRows([usageRow, coveredRow, taxRow], rules))).toEqual([]);
    expect(failedRules(await checkRows([usageRow, coveredRow, taxRow], corrected))).toEqual([]);
  });

  it("without its corrections blames rows for its own defects", async () => {
    const { patches } = await import("./known-corrections.ts").then(({ knownCorrections }) => knownCorrections("1.2"));
    const uncorrected = await withoutCorrections();
    const failed = failedRules(await checkRows([usageRow, coveredRow], uncorrected));
    expect(failed).toEqual(
      expect.arrayContaining([
        "CommitmentDiscountStatus-C-003-C",
        "CommitmentDiscountStatus-C-005-M",
        "InvoiceId-C-004-C",
      ]),
    );
    expect(failed.every((ruleId) => patches.some((patch) => patch.ruleId === ruleId))).toBe(true);
  });

  const correction: Row = {
    ...coveredRow,
    ChargeClass: "Correction",
    CommitmentDiscountQuantity: null,
    CommitmentDiscountUnit: null,
    ConsumedQuantity: null,
    ConsumedUnit: null,
  };
  it.each<[string, Row, string[]]>([
    [
      "usage under a commitment needs a status",
      { ...coveredRow, CommitmentDiscountStatus: null },
      ["CommitmentDiscountStatus-C-004-C"],
    ],
    [
      "a status needs a commitment",
      { ...usageRow, CommitmentDiscountStatus: "Used" },
      ["CommitmentDiscountStatus-C-003-C"],
    ],
    [
      "a status is Used or Unused",
      { ...coveredRow, CommitmentDiscountStatus: "Active" },
      ["CommitmentDiscountStatus-C-005-M"],
    ],
    [
      "usage needs a quantity",
      { ...usageRow, ConsumedQuantity: null, ConsumedUnit: null },
      ["ConsumedQuantity-C-006-C"],
    ],
    ["a correction needs none", correction, []],
    [
      "a reservation needs a status",
      { ...usageRow, CapacityReservationId: "cr-1" },
      ["CapacityReservationStatus-C-004-C"],
    ],
    [
      "a row without resource needs no type",
      { ...usageRow, ResourceId: null, ResourceName: null, ResourceType: null },
      [],
    ],
    ["an invoice id may be missing", { ...usageRow, InvoiceId: null }, []],
    [
      "a one-time purchase has its cost at once",
      {
        ...usageRow,
        ChargeCategory: "Purchase",
        ChargeFrequency: "One-Time",
        ConsumedQuantity: null,
        ConsumedUnit: null,
      },
      [],
    ],
    [
      "provider and issuer may have different names",
      { ...usageRow, InvoiceIssuerName: "Amazon Web Services, Inc." },
      [],
    ],
  ])("is corrected: %s", async (_, row, expected) => {
    expect(failedRules(await checkRows([row], rules))).toEqual(expected);
  });

  it("agrees with our own rules wherever both have a rule of the same id", async () => {
    const rows: Row[] = [
      {
        ...usageRow,
        BilledCost: "1,0",
        BillingPeriodEnd: "2/1/26",
        BillingCurrency: "usd",
        ConsumedUnit: "hours",
        Tags: "x",
      },
      { ...coveredRow, CommitmentDiscountStatus: null, CommitmentDiscountType: null, PricingUnit: null },
      { ...taxRow, SkuId: "S", PricingQuantity: "1", ListUnitPrice: "-1" },
      {
        ...usageRow,
        ServiceSubcategory: "Object Storage",
        SkuId: "SKU9",
        ListCost: "7",
        ListUnitPrice: null,
        RegionId: null,
      },
    ];
    const official = new Map((await checkRows(rows, rules)).results.map((result) => [result.ruleId, result]));
    const own = (await checkRows(rows, ownRules())).results.filter(
      ({ ruleId }) => (official.get(ruleId)?.status ?? "not-checkable") !== "not-checkable",
    );
    expect(own.length).toBeGreaterThan(240);
    const said = (result: { ruleId: string; status: string; rows: string } | undefined) =>
      `${result?.ruleId} ${result?.status} ${result?.rows}`;
    expect(own.map(said)).toEqual(own.map(({ ruleId }) => said(official.get(ruleId))));
  });

  it.each(["aws", "azure", "gcp"])("finds the synthetic %s bill without fault, as do our own rules", async (cloud) => {
    const file = `${data}/bills/focus-1.2/${cloud}_1_2_rows100.csv`;
    expect(failedRules(await checkFile(file, { rules }))).toEqual([]);
    expect(failedRules(await checkFile(file))).toEqual([]);
  });

  async function withoutCorrections(): Promise<RuleSet> {
    const [{ readFile }, { parseModel }, { interpretModel }] = await Promise.all([
      import("node:fs/promises"),
      import("./model.ts"),
      import("./interpret-model.ts"),
    ]);
    return interpretModel(parseModel(JSON.parse(await readFile(model, "utf8"))));
  }
});
