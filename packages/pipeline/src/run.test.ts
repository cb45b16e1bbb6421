import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvText } from "@finops/connectors/testing/csv-text";
import { decimal } from "@finops/kernel/decimal";
import { reprocess } from "./run.ts";
import type { ImportReport } from "./import-report.ts";
import { curBill, focusBill } from "./testing/sample-bills.ts";
import { createTestPipeline, type TestPipeline } from "./testing/test-pipeline.ts";

let test: TestPipeline;
beforeAll(async () => {
  test = await createTestPipeline();
});
afterAll(() => test.close());

function expectBalanced(report: ImportReport): void {
  expect(report.rowsRead).toBe(report.rowsMapped + report.rowsRejected + report.rowsDropped);
  expect(report.rowsPublished).toBe(report.rowsMapped + report.rowsDerived);
  for (const currency of Object.keys({ ...report.rawCost, ...report.billedCost })) {
    const of = (costs: Record<string, string>) => decimal(costs[currency] ?? "0");
    const bridged = report.bridge.reduce((sum, rule) => sum.plus(of(rule.cost)), of(report.rawCost));
    expect(bridged.toString()).toBe(of(report.billedCost).plus(of(report.rejectedCost)).toString());
  }
}

describe("an import", () => {
  it("takes a FOCUS bill to an exact answer", async () => {
    const ctx = await test.company();
    const report = await test.importOne(ctx, {
      "focus.csv": focusBill([
        { BilledCost: "0.1" },
        { BilledCost: "0.00000000000000000000000002" },
        { BilledCost: "-3.5", ChargeCategory: "Credit", ServiceName: "Amazon S3" },
      ]),
    });
    expect(report).toMatchObject({
      source: "focus:111111111111",
      format: "focus",
      rowsRead: 3,
      rowsPublished: 3,
      periods: ["2026-05"],
      billedCost: { USD: "-3.39999999999999999999999998" },
      unchanged: false,
    });
    expectBalanced(report);
    expect(report.conformance).toMatchObject({ version: "1.2" });
    const answer = await test.query(ctx, { groupBy: ["serviceName"] });
    expect(answer.rows.map((row) => [row.key.serviceName, row.values.billedCost!.value])).toEqual([
      ["Amazon EC2", "0.10000000000000000000000002"],
      ["Amazon S3", "-3.5"],
    ]);
  });

  it("holds a FOCUS text against the rules of what is stored and of how it is written", async () => {
    const ctx = await test.company();
    const report = await test.importOne(ctx, {
      "focus.csv": focusBill([{ BilledCost: "+1.50" }, { ChargePeriodStart: "2026-05-02 00:00:00" }]),
    });
    expect(report).toMatchObject({ rowsRejected: 0, conformance: { version: "1.2" } });
    const { conformance } = await ctx.inTenant((tx) => tx.datasetVersion.findFirstOrThrow());
    const { results } = conformance as unknown as {
      results: { column: string; status: string; rows: string; sentence: string }[];
    };
    const failed = results
      .filter((result) => result.status === "failed")
      .map(({ column, rows, sentence }) => `${column} ${rows}: ${sentence}`);
    expect(failed).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^BilledCost 1: .*plain number/),
        expect.stringMatching(/^ChargePeriodStart 1: .*UTC/),
        expect.stringMatching(/^ListCost 0: The file has the column/),
      ]),
    );
    expect(results.some((result) => result.status === "passed")).toBe(false);
  });

  it("takes an AWS bill to an exact answer, and says by which rules cost moved", async () => {
    const ctx = await test.company();
    const report = await test.importOne(ctx, {
      "cur.csv": curBill([
        { "lineItem/UnblendedCost": "2.4000000001" },
        { "lineItem/LineItemType": "Credit", "lineItem/UnblendedCost": "-1" },
        {
          "lineItem/LineItemType": "SavingsPlanCoveredUsage",
          "lineItem/UnblendedCost": "5",
          "savingsPlan/SavingsPlanEffectiveCost": "3",
          "savingsPlan/SavingsPlanARN": "arn:aws:savingsplans::1:savingsplan/a",
        },
        {
          "lineItem/LineItemType": "SavingsPlanNegation",
          "lineItem/UnblendedCost": "-5",
          "savingsPlan/SavingsPlanARN": "arn:aws:savingsplans::1:savingsplan/a",
        },
      ]),
    });
    expect(report).toMatchObject({
      format: "aws-cur-legacy",
      rowsRead: 4,
      rawCost: { USD: "1.4000000001" },
      billedCost: { USD: "1.4000000001" },
      rejectedCost: {},
    });
    expectBalanced(report);
    expect(report.bridge.length).toBeGreaterThan(0);
    expect(await test.billed(ctx)).toEqual({ USD: "1.4000000001" });
  });

  it("changes nothing when the same content comes again, whatever the file is called", async () => {
    const ctx = await test.company();
    const bill = focusBill([{ BilledCost: "7" }]);
    await test.importOne(ctx, { "may.csv": bill });
    const before = await test.snapshot(ctx);
    expect(await test.importOne(ctx, { "copy-of-may.csv": bill })).toMatchObject({
      unchanged: true,
      billedCost: { USD: "7" },
    });
    expect(await test.snapshot(ctx)).toEqual(before);
  });

  it("replaces a month that is restated, and keeps what changed by service and account", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, {
      "may.csv": focusBill([
        { BilledCost: "1", ResourceId: "i-1" },
        { BilledCost: "2", ResourceId: "i-2" },
        { BilledCost: "4", ResourceId: "b-1", ServiceName: "Amazon S3" },
        { BilledCost: "9", SubAccountId: "333" },
      ]),
    });
    await test.importOne(ctx, {
      "may.csv": focusBill([
        { BilledCost: "1.5", ResourceId: "i-1" },
        { BilledCost: "8", ResourceId: "i-3" },
        { BilledCost: "8", ResourceId: "i-4" },
        { BilledCost: "9", SubAccountId: "333" },
      ]),
    });
    expect(await test.billed(ctx)).toEqual({ USD: "26.5" });
    const versions = await ctx.inTenant((tx) => tx.datasetVersion.findMany({ orderBy: { number: "asc" } }));
    expect(versions.map((version) => version.state)).toEqual(["superseded", "published"]);
    expect(versions[1]!.difference).toEqual({
      previousVersion: versions[0]!.id,
      totalsBefore: versions[0]!.totals,
      changes: [
        {
          serviceName: "Amazon EC2",
          account: "222222222222",
          currency: "USD",
          rowsAdded: 2,
          rowsRemoved: 1,
          rowsChanged: 1,
          billedBefore: "3",
          billedAfter: "17.5",
          effectiveBefore: "3",
          effectiveAfter: "4.5",
        },
        {
          serviceName: "Amazon S3",
          account: "222222222222",
          currency: "USD",
          rowsAdded: 0,
          rowsRemoved: 1,
          rowsChanged: 0,
          billedBefore: "4",
          billedAfter: "0",
          effectiveBefore: "1.5",
          effectiveAfter: "0",
        },
      ],
    });
  });

  it("tells in its report what a restated month changed", async () => {
    const ctx = await test.company();
    const kept = { BilledCost: "2", ResourceId: "i-2" };
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }, kept]) });
    const { restated } = await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1.25" }, kept]) });
    expect(restated).toMatchObject([
      {
        period: "2026-05",
        rowsAdded: 0,
        rowsRemoved: 0,
        rowsChanged: 1,
        billedBefore: { USD: "3" },
        billedAfter: { USD: "3.25" },
        groups: [{ rowsChanged: 1 }],
      },
    ]);
  });

  it("counts twins of a restated month, and not the pairs that they make", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, {
      "may.csv": focusBill([{ BilledCost: "1" }, { BilledCost: "1" }, { BilledCost: "1" }]),
    });
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }, { BilledCost: "1" }]) });
    const version = await ctx.inTenant((tx) => tx.datasetVersion.findFirstOrThrow({ where: { state: "published" } }));
    expect(version.difference).toMatchObject({
      changes: [{ rowsAdded: 0, rowsRemoved: 1, rowsChanged: 0, billedBefore: "3", billedAfter: "2" }],
    });
  });

  it("puts several months of one file into periods of their own, and currencies apart", async () => {
    const ctx = await test.company();
    const report = await test.importOne(ctx, {
      "focus.csv": focusBill([
        { BilledCost: "1" },
        { BilledCost: "2", BillingPeriodStart: "2026-06-01T00:00:00Z", BillingPeriodEnd: "2026-07-01T00:00:00Z" },
        { BilledCost: "3", BillingCurrency: "EUR" },
      ]),
    });
    expect(report).toMatchObject({ periods: ["2026-05", "2026-06"], billedCost: { USD: "3", EUR: "3" } });
    expect(await test.billed(ctx)).toEqual({ USD: "3", EUR: "3" });
  });

  it("publishes a period that several bills touch once", async () => {
    const ctx = await test.company();
    const reports = await test.importFiles(ctx, {
      "a/may.csv": focusBill([{ BilledCost: "1", BillingAccountId: "a", SubAccountId: "a1" }]),
      "b/may.csv": focusBill([{ BilledCost: "2", BillingAccountId: "b", SubAccountId: "b1" }]),
    });
    expect(reports.map((report) => report.source)).toEqual(["focus:a", "focus:b"]);
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
    expect(await ctx.inTenant((tx) => tx.publication.count())).toBe(1);
  });

  it("takes many small bills together, and each is what it is alone", async () => {
    const bills = Object.fromEntries(
      ["111111111111", "222222222222", "333333333333"].map((account, index) => [
        `${account}/cur.csv`,
        curBill(
          [`${index}.0000000001`, "2"].map((cost) => ({
            "bill/PayerAccountId": account,
            "lineItem/UsageAccountId": account,
            "lineItem/UnblendedCost": cost,
          })),
        ),
      ]),
    );
    const [together, apart] = [await test.company(), await test.company()];
    const plain = (report: ImportReport) => ({ ...report, durationMs: 0 });
    const reports = await test.importFiles(together, bills);
    const alone: ImportReport[] = [];
    for (const [name, bill] of Object.entries(bills)) alone.push(await test.importOne(apart, { [name]: bill }));
    expect(reports.map(plain)).toEqual(alone.map(plain));
    expect(await test.billed(together)).toEqual({ USD: "9.0000000003" });
  });

  it("keeps the small bills before one that cannot be taken", async () => {
    const ctx = await test.company();
    const bill = (account: string, cost: string) =>
      curBill([{ "bill/PayerAccountId": account, "lineItem/UnblendedCost": cost }]);
    const imported = test.importFiles(ctx, {
      "a/cur.csv": bill("111111111111", "1.5"),
      "b/cur.csv": bill("222222222222", "much"),
      "c/cur.csv": bill("333333333333", "2.5"),
    });
    await expect(imported).rejects.toThrow(/none of its 1 rows could be taken. b\/cur.csv, line 2: .*much/);
    expect(await test.billed(ctx)).toEqual({ USD: "1.5" });
  });

  it("tells how far it is, and never less than before", async () => {
    const ctx = await test.company();
    const shares: number[] = [];
    await test.importFiles(ctx, { "may.csv": focusBill([{}]) }, {}, { onProgress: ({ share }) => shares.push(share) });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it("stops when it is cancelled, and leaves no trace", async () => {
    const ctx = await test.company();
    const before = await test.snapshot(ctx);
    const cancel = new AbortController();
    const importing = test.importFiles(
      ctx,
      { "may.csv": focusBill([{}]) },
      {},
      { signal: cancel.signal, onProgress: ({ stage }) => stage === "normalize" && cancel.abort() },
    );
    cancel.abort();
    await expect(importing).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("cancelled"),
    });
    expect(await test.snapshot(ctx)).toEqual(before);
  });

  it("keeps one source for a company's accounts when one is added", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, { "may.csv": focusBill([{ BillingAccountId: "b", SubAccountId: "b1" }]) });
    const later = await test.importOne(ctx, {
      "may.csv": focusBill([
        { BillingAccountId: "a", SubAccountId: "a1" },
        { BillingAccountId: "b", SubAccountId: "b1" },
      ]),
    });
    expect(later.source).toBe("focus:b");
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
  });
});

describe("two sources of one account and period", () => {
  const asCur = curBill([{ "lineItem/UnblendedCost": "10" }]);
  const asFocus = focusBill([{ BilledCost: "10.5" }]);

  it("are refused with both names, and the second leaves no trace", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, { "cur.csv": asCur });
    const before = await test.snapshot(ctx);
    const refused = test.importOne(ctx, { "focus.csv": asFocus });
    await expect(refused).rejects.toMatchObject({
      code: "conflict",
      facts: { sources: ["aws-cur-legacy:111111111111", "focus:111111111111"] },
    });
    await expect(refused).rejects.toThrow(
      /"AWS .*111111111111" already, and "FOCUS .* 111111111111" brings them again/,
    );
    expect(await test.snapshot(ctx)).toEqual(before);
  });

  it("are refused as well when they come in one import: the first stays", async () => {
    const ctx = await test.company();
    await expect(test.importFiles(ctx, { "a/cur.csv": asCur, "b/focus.csv": asFocus })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await test.billed(ctx)).toEqual({ USD: "10" });
  });

  it("follow one another when the second takes over from a day on", async () => {
    const ctx = await test.company();
    const june = { BillingPeriodStart: "2026-06-01T00:00:00Z", BillingPeriodEnd: "2026-07-01T00:00:00Z" };
    await test.importFiles(ctx, {
      "may/cur.csv": asCur,
      "june/cur.csv": curBill([
        {
          "bill/BillingPeriodStartDate": june.BillingPeriodStart,
          "bill/BillingPeriodEndDate": june.BillingPeriodEnd,
          "lineItem/UnblendedCost": "20",
        },
      ]),
    });
    const takesOver = { source: "aws-cur-legacy:111111111111", from: "2026-06-01" };
    await expect(
      test.importOne(ctx, { "focus.csv": asFocus }, { takesOver }),
      "May is before the day",
    ).rejects.toMatchObject({ code: "conflict" });
    await test.importOne(ctx, { "focus.csv": focusBill([{ BilledCost: "21", ...june }]) }, { takesOver });
    expect(await test.billed(ctx)).toEqual({ USD: "31" });
    const late = test.importOne(ctx, {
      "cur.csv": curBill([
        {
          "bill/BillingPeriodStartDate": june.BillingPeriodStart,
          "bill/BillingPeriodEndDate": june.BillingPeriodEnd,
          "lineItem/UnblendedCost": "22",
        },
      ]),
    });
    await expect(late).rejects.toThrow(/took over from it/);
    expect(await test.billed(ctx)).toEqual({ USD: "31" });
  });

  it("need a source that exists and is another one", async () => {
    const ctx = await test.company();
    const before = await test.snapshot(ctx);
    await expect(
      test.importOne(ctx, { "focus.csv": asFocus }, { takesOver: { source: "aws:0", from: "2026-05-01" } }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(
      test.importOne(ctx, { "focus.csv": asFocus }, { takesOver: { source: "focus:111111111111", from: "2026-05" } }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await test.snapshot(ctx)).toEqual(before);
  });
});

describe("rows that are refused", () => {
  it("are kept with file, line, reason and cost, and the lines count breaks within quotes", async () => {
    const ctx = await test.company();
    const rows = focusBill([
      { BilledCost: "1", ChargeDescription: 'two\nlines, and a "quote"' },
      { BilledCost: "2", EffectiveCost: "a lot" },
      { BilledCost: "4" },
      { BilledCost: "8", ChargeCategory: "Gift" },
    ]).split("\n");
    // Line 1 is the header, 2 and 3 the first row.
    const bill = [...rows.slice(0, 4), "1,2,3", "", ...rows.slice(4)].join("\r\n");
    const report = await test.importOne(ctx, { "may.csv": bill });
    expectBalanced(report);
    expect(report).toMatchObject({
      rowsRead: 5,
      rowsPublished: 2,
      rowsRejected: 3,
      rejectedCost: { USD: "10" },
      billedCost: { USD: "5" },
      rawCost: { USD: "15" },
    });
    expect(report.rejects).toEqual([
      {
        file: "may.csv",
        line: 4,
        reason: 'EffectiveCost "a lot" is not a decimal number with at most 26 places.',
        rows: 1,
      },
      { file: "may.csv", line: 5, reason: "The line has 3 fields, fewer than the header.", rows: 1 },
      {
        file: "may.csv",
        line: 8,
        reason: 'ChargeCategory "Gift" is none of Usage, Purchase, Tax, Credit and Adjustment.',
        rows: 1,
      },
    ]);
    const stored = (await test.host.files.list(`tenants/${ctx.tenantId}/lake/`)).map(
      (file) => file.name.split("/").slice(-2)[0],
    );
    expect(new Set(stored)).toEqual(new Set(["published", "rejected", "unreadable"]));
  });

  it("are told from rows with a field too many, and from text after a quote", async () => {
    const ctx = await test.company();
    const [header, row] = focusBill([{}]).split("\n");
    const report = await test.importOne(ctx, { "may.csv": `${header}\n${row}\n${row},"more"\n"un"t${row}\n` });
    expect(report.rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "The line has more fields than the header."],
      [4, "Text follows a closing quote; a quote within a value is written twice."],
    ]);
    expect(report).toMatchObject({ rowsRead: 3, rowsPublished: 1, rowsRejected: 2 });
  });

  it("have lines in JSON and rows in parquet as well", async () => {
    const ctx = await test.company();
    const row = (cost: string) => JSON.stringify({ ...JSON.parse(jsonRow), BilledCost: cost });
    const report = await test.importOne(ctx, { "may.jsonl": `${row("1")}\n\n${row("x")}\n` });
    expect(report.rejects).toMatchObject([{ file: "may.jsonl", line: 3 }]);
    expect(await test.billed(ctx)).toEqual({ USD: "1" });
  });
});

const jsonRow = JSON.stringify({
  BilledCost: "1",
  EffectiveCost: "1",
  BillingCurrency: "USD",
  BillingAccountId: "1",
  SubAccountId: "2",
  ProviderName: "AWS",
  ChargeCategory: "Usage",
  BillingPeriodStart: "2026-05-01T00:00:00Z",
  BillingPeriodEnd: "2026-06-01T00:00:00Z",
  ChargePeriodStart: "2026-05-02T00:00:00Z",
  ChargePeriodEnd: "2026-05-03T00:00:00Z",
});

describe("contract commitments", () => {
  const commitments = (rows: readonly Record<string, string>[]) =>
    `${csvText(rows.map((row) => ({ ContractCommitmentId: "c1", ContractCommitmentType: "Savings", ContractCommitmentCategory: "Spend", ContractCommitmentCost: "1000.5", ContractCommitmentQuantity: "", ContractCommitmentUnit: "", ContractCommitmentDescription: "A year", ContractCommitmentPeriodStart: "2026-01-01T00:00:00Z", ContractCommitmentPeriodEnd: "2027-01-01T00:00:00Z", ContractId: "k1", ContractPeriodStart: "2026-01-01T00:00:00Z", ContractPeriodEnd: "2027-01-01T00:00:00Z", BillingCurrency: "USD", ...row })))}\n`;

  it("are a data set of their own, and no costs", async () => {
    const ctx = await test.company();
    const report = await test.importOne(ctx, {
      "commitments.csv": commitments([
        {},
        { ContractCommitmentId: "c2", ContractCommitmentPeriodStart: "2026-03-01T00:00:00Z" },
        { ContractCommitmentId: "" },
      ]),
    });
    expect(report).toMatchObject({
      source: "focus-contract-commitment:k1",
      rowsRead: 3,
      rowsPublished: 2,
      rowsRejected: 1,
      periods: ["2026-01", "2026-03"],
      rejects: [{ line: 4, reason: "ContractCommitmentId is empty." }],
    });
    expect(await test.billed(ctx)).toEqual({});
    await test.importOne(ctx, { "commitments.csv": commitments([{ ContractCommitmentCost: "2000" }]) });
    const versions = await ctx.inTenant((tx) =>
      tx.datasetVersion.findMany({
        where: { dataset: "contract-commitments" },
        orderBy: [{ billingPeriod: "asc" }, { number: "asc" }],
      }),
    );
    expect(versions.map(({ billingPeriod, state }) => [billingPeriod.toISOString().slice(0, 7), state])).toEqual([
      ["2026-01", "superseded"],
      ["2026-01", "published"],
      ["2026-03", "published"],
    ]);
  });
});

describe("reprocessing", () => {
  it("runs the landed bills again and gives the same figures as new versions", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }, { BilledCost: "x" }]) });
    const [report] = await reprocess(ctx, test.pipeline, {});
    expect(report).toMatchObject({
      source: "focus:111111111111",
      unchanged: false,
      rowsPublished: 1,
      rowsRejected: 1,
      periods: ["2026-05"],
    });
    expect(await test.billed(ctx)).toEqual({ USD: "1" });
    const versions = await ctx.inTenant((tx) => tx.datasetVersion.findMany({ orderBy: { number: "asc" } }));
    expect(versions.map(({ number, state }) => [number, state])).toEqual([
      [1, "superseded"],
      [2, "published"],
    ]);
    expect(versions[1]!.difference).toMatchObject({ changes: [] });
    expect(await ctx.inTenant((tx) => tx.landing.count())).toBe(1);
  });

  it("does not bring back a month that a later bill replaced", async () => {
    const ctx = await test.company();
    const june = { BillingPeriodStart: "2026-06-01T00:00:00Z", BillingPeriodEnd: "2026-07-01T00:00:00Z" };
    await test.importOne(ctx, { "focus.csv": focusBill([{ BilledCost: "1" }, { BilledCost: "10", ...june }]) });
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "2" }]) });
    const publications = await ctx.inTenant((tx) => tx.publication.count());
    await reprocess(ctx, test.pipeline, { source: "focus:111111111111" });
    expect(await test.billed(ctx)).toEqual({ USD: "12" });
    expect(await ctx.inTenant((tx) => tx.publication.count())).toBe(publications + 2);
  });
});
