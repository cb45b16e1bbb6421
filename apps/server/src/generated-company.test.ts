import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BillTruth, CostByCurrency, DeliveryTruth } from "@finops/bills/bill-truth";
import { generateBills } from "@finops/bills/generate-bills";
import { type RawRow, readRawRows } from "@finops/bills/testing/read-raw-rows";
import { type Decimal, decimal, sum } from "@finops/kernel/decimal";
import { monthOf } from "@finops/kernel/period";
import type { ImportReport } from "@finops/pipeline/import-report";
import { findDeliveries } from "@finops/pipeline/landing/find-deliveries";
import { listBillFiles } from "@finops/pipeline/landing/list-bill-files";
import { importBills } from "@finops/pipeline/run";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The generator knows what it wrote, the pipeline what it read: both must say the same to the last digit.
let folder: string;
let truth: BillTruth;
let test: TestPipeline;
let company: Context;
const reports = new Map<string, ImportReport[]>();
const reportOf = (delivery: string) => reports.get(delivery)![0]!;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finops-company-"));
  truth = await generateBills({
    rows: 20_000,
    seed: 11,
    outDir: join(folder, "bills"),
    endMonth: "2026-10",
    months: 5,
  });
  test = await createTestPipeline();
  company = await test.company();
  // As people pick folders: all at once, so that small bills go together, what was restated before its restatement. Files of
  // a vendor's folder would be one delivery, so they come one by one.
  const ofVendors = truth.deliveries.filter(({ kind }) => kind === "focus-1.2");
  const ofClouds = truth.deliveries.filter(({ kind }) => kind !== "focus-1.2");
  const isLate = ({ supersededBy }: DeliveryTruth) => supersededBy === null;
  await importTogether(ofClouds.filter((delivery) => !isLate(delivery)));
  await importTogether(ofClouds.filter(isLate));
  for (const delivery of ofVendors) await importTogether([delivery]);
}, 1_200_000);

async function importTogether(deliveries: readonly DeliveryTruth[]): Promise<void> {
  const named = new Map(
    deliveries.flatMap(({ id, folder: of, files }) => files.map((name) => [join(folder, "bills", of, name), id])),
  );
  const files = (await listBillFiles([join(folder, "bills")])).filter(({ path }) => named.has(path));
  const found = await findDeliveries(test.pipeline, { files });
  const imported = await importBills(company, test.pipeline, { files });
  for (const [index, { files: of }] of found.entries()) {
    const id = of.map(({ path }) => named.get(path)).find((one) => one !== undefined)!;
    reports.set(id, [...(reports.get(id) ?? []), imported[index]!]);
  }
}

afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

const currentDeliveries = () => truth.deliveries.filter(({ supersededBy }) => supersededBy === null);
const deliveriesOf = (kind: string) => currentDeliveries().filter((delivery) => delivery.kind === kind);

/** Billed and effective cost per group, billing month and currency, exact. */
async function figures(groupBy: string[]): Promise<Map<string, CostByMeasure>> {
  const { rows } = await test.query(company, {
    measures: ["billedCost", "effectiveCost"],
    groupBy,
    basis: "billing",
    grain: "month",
    limit: 100_000,
  });
  return new Map(
    rows.map(({ key, time, currency, values }) => [
      [...groupBy.map((name) => key[name] ?? ""), time!.slice(0, 7), currency].join(" "),
      { billed: values["billedCost"]!.value!, effective: values["effectiveCost"]!.value! },
    ]),
  );
}

/** An account as FOCUS names it: Azure's subscriptions carry their path. */
const accountOf = (id: string) => (azureAccounts().has(id) ? `/subscriptions/${id}` : id);
const azureAccounts = () => new Set(truth.accounts.filter(({ kind }) => kind === "azure").map(({ id }) => id));

/** A commitment as FOCUS names it: Azure's paths mean the same in any case, and are written in lower case. */
const commitmentOf = (id: string) => (id.startsWith("/providers/") ? id.toLowerCase() : id);

interface CostByMeasure {
  billed: string;
  effective: string;
}

describe("a generated company", () => {
  it("is of all formats, and some of its months were restated", () => {
    expect(new Set(truth.deliveries.map(({ kind }) => kind))).toEqual(
      new Set(["aws-cur2", "aws-cur-legacy", "azure", "gcp", "focus-1.2"]),
    );
    expect(truth.restatements.length).toBeGreaterThan(0);
  });

  it("is read to the last row and digit, delivery by delivery", () => {
    expect([...reports.values()].every((list) => list.length === 1)).toBe(true);
    for (const delivery of truth.deliveries) {
      const { rowsRead, rowsRejected, billedCost, effectiveCost, rejectedCost } = reportOf(delivery.id);
      expect({
        id: delivery.id,
        rowsRead,
        rowsRejected,
        billed: filled(billedCost),
        effective: filled(effectiveCost),
      }).toEqual({
        id: delivery.id,
        rowsRead: delivery.rows,
        rowsRejected: 0,
        billed: filled(delivery.billed),
        effective: filled(delivery.effective),
      });
      expect(filled(rejectedCost)).toEqual({});
    }
  });

  it("has the sums of its bills per provider and month, in every cost column that its bills state", async () => {
    const found = await figures(["providerName"]);
    const expected = new Map<string, { billed: Decimal; effective: Decimal }>();
    for (const delivery of currentDeliveries())
      for (const currency of Object.keys(delivery.billed)) {
        const key = `${delivery.provider} ${delivery.month} ${currency}`;
        const known = expected.get(key) ?? { billed: decimal(0), effective: decimal(0) };
        expected.set(key, {
          billed: known.billed.plus(delivery.billed[currency]!),
          effective: known.effective.plus(delivery.effective[currency]!),
        });
      }
    expect(found).toEqual(
      new Map(
        [...expected].map(([key, { billed, effective }]) => [
          key,
          { billed: billed.toString(), effective: effective.toString() },
        ]),
      ),
    );
  });

  it("has the sums of its bills per account and month", async () => {
    const found = await figures(["subAccountId"]);
    const expected = new Map<string, Decimal>();
    const monthsOf = new Map(currentDeliveries().map(({ id, month }) => [id, month]));
    for (const cell of truth.cells) {
      const month = monthsOf.get(cell.delivery);
      if (month === undefined) continue;
      for (const [currency, billed] of Object.entries(cell.billed)) {
        const key = `${accountOf(cell.accountId)} ${month} ${currency}`;
        expected.set(key, (expected.get(key) ?? decimal(0)).plus(billed));
      }
    }
    expect(new Map([...found].map(([key, { billed }]) => [key, billed]))).toEqual(
      new Map([...expected].map(([key, billed]) => [key, billed.toString()])),
    );
  });

  it.each(["azure", "focus-1.2"])("has the list cost of its %s bills' usage", async (kind) => {
    for (const { month, provider, list, id } of deliveriesOf(kind)) {
      const { totals } = await test.query(company, {
        measures: ["listCost"],
        basis: "billing",
        period: monthOf(`${month}-01`),
        filter: {
          and: [
            { dimension: "providerName", is: provider },
            { dimension: "chargeCategory", is: "Usage" },
          ],
        },
      });
      expect(
        Object.fromEntries(totals.map(({ currency, values }) => [currency, values["listCost"]!.value])),
        id,
      ).toEqual(list);
    }
  });
});

describe("a restated month of a generated company", () => {
  it("is shown as restated, with every account and service that moved, to the digit", () => {
    for (const { first, restated, changes } of truth.restatements) {
      const [shown, ...more] = reportOf(restated).restated;
      expect(more).toEqual([]);
      expect(shown!.billedBefore).toEqual(filled(reportOf(first).billedCost));
      expect(shown!.billedAfter).toEqual(filled(reportOf(restated).billedCost));
      const moved = new Map<string, Decimal>();
      for (const { accountId, billed } of changes)
        moved.set(accountOf(accountId), (moved.get(accountOf(accountId)) ?? decimal(0)).plus(billed["USD"]!));
      const told = new Map<string, Decimal>();
      for (const { account, billedBefore, billedAfter } of shown!.groups)
        told.set(account!, (told.get(account!) ?? decimal(0)).plus(decimal(billedAfter).minus(billedBefore)));
      const list = (map: Map<string, Decimal>) =>
        [...map]
          .flatMap(([account, amount]) => (amount.isZero() ? [] : [`${account} ${amount.toString()}`]))
          .toSorted();
      expect(list(told)).toEqual(list(moved));
    }
  });

  it("leaves no other month marked", () => {
    const marked = [...reports].filter(([id]) => reportOf(id).restated.length > 0).map(([id]) => id);
    expect(marked).toEqual(truth.restatements.map(({ restated }) => restated));
  });
});

describe("commitments of a generated company", () => {
  it("are bought, used and unused as planned, month by month", async () => {
    const kinds = new Set(["aws-cur2", "aws-cur-legacy", "azure"]);
    const commitments = truth.commitments.filter(({ billKind }) => kinds.has(billKind));
    expect(commitments.length).toBeGreaterThan(3);
    const found = await figures(["commitmentDiscountId", "chargeCategory", "commitmentDiscountStatus"]);
    const monthsOf = new Map(currentDeliveries().map(({ id, month }) => [id, month]));
    for (const { id, currency, months } of commitments)
      for (const month of months) {
        const label = monthsOf.get(month.delivery);
        if (label === undefined) continue;
        const of = (category: string, status: string, measure: keyof CostByMeasure) =>
          found.get(`${commitmentOf(id)} ${category} ${status} ${label} ${currency}`)?.[measure] ?? "0";
        expect({
          id,
          month: label,
          billed: of("Purchase", "", "billed"),
          used: of("Usage", "Used", "effective"),
          unused: of("Usage", "Unused", "effective"),
        }).toEqual({ id, month: label, billed: month.billed, used: month.used, unused: month.unused });
      }
  });
});

describe("taxes, credits and refunds of a generated company", () => {
  const rawRows = (delivery: DeliveryTruth): Promise<RawRow[]> =>
    readRawRows(
      join(folder, "bills", delivery.folder),
      delivery.files.filter((name) => !name.endsWith(".json") && !name.startsWith("amortized")),
    );

  const aws = { type: "line_item_line_item_type", cost: "line_item_unblended_cost" };
  const azure = { type: "ChargeType", cost: "CostInBillingCurrency" };
  it.each([
    ["taxes", "aws-cur2", aws, ["Tax"], { dimension: "chargeCategory", is: "Tax" }],
    ["credits and refunds", "aws-cur2", aws, ["Credit", "Refund"], { dimension: "chargeCategory", is: "Credit" }],
    ["refunds", "azure", azure, ["Refund"], { dimension: "chargeClass", is: "Correction" }],
  ])("has the %s of its %s bills, to the digit", async (_, kind, columns, types, filter) => {
    const accounts = truth.accounts.filter((account) => account.kind === kind).map(({ id }) => accountOf(id));
    let stated = 0;
    for (const delivery of deliveriesOf(kind)) {
      const rows = (await rawRows(delivery)).filter((row) => types.includes(row[columns.type]!));
      const raw = sum(rows.map((row) => decimal(row[columns.cost]!)));
      if (!raw.isZero()) stated += 1;
      const { totals } = await test.query(company, {
        basis: "billing",
        period: monthOf(`${delivery.month}-01`),
        filter: { and: [filter, { dimension: "subAccountId", in: accounts }] },
      });
      const found = totals[0]?.values["billedCost"]?.value ?? "0";
      expect(`${delivery.id} ${found}`).toBe(`${delivery.id} ${raw.toString()}`);
    }
    expect(stated).toBeGreaterThan(0);
  });
});

/** Without what is zero: a bill need not name a currency in which it charges nothing. */
function filled(costs: CostByCurrency): CostByCurrency {
  return Object.fromEntries(Object.entries(costs).filter(([, amount]) => !decimal(amount).isZero()));
}
