import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Decimal, decimal, parseDecimal, sum } from "@finops/kernel/decimal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BillTruth, DeliveryTruth } from "./bill-truth.ts";
import { generateBills } from "./generate-bills.ts";
import { groupBy } from "./group-by.ts";
import { type RawRow, readRawRows } from "./testing/read-raw-rows.ts";

const rowsWanted = 48_000;
let folder: string;
let truth: BillTruth;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bills-"));
  truth = await generateBills({
    rows: rowsWanted,
    seed: "harborline",
    outDir: join(folder, "bills"),
    endMonth: "2026-10",
    months: 6,
  });
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const rowsOf = (delivery: DeliveryTruth, file: (name: string) => boolean = () => true): Promise<RawRow[]> =>
  readRawRows(
    join(folder, "bills", delivery.folder),
    delivery.files.filter((name) => !name.endsWith(".json") && file(name)),
  );
const deliveriesOf = (kind: string) => truth.deliveries.filter((delivery) => delivery.kind === kind);
const total = (rows: RawRow[], column: string): Decimal => sum(rows.map((row) => parseDecimal(row[column] || "0")));
const text = (value: Decimal) => value.toString();

describe("the bills of Harborline", () => {
  it("have the rows that were asked for, within 2 percent", () => {
    expect(Math.abs(truth.rows - rowsWanted) / rowsWanted).toBeLessThan(0.02);
  });

  it("are of a company with 40 accounts, over 60 services and about 600,000 a month", () => {
    expect(truth.accounts).toHaveLength(40);
    expect(truth.services.length).toBeGreaterThan(60);
    const billed = sum(
      truth.deliveries
        .filter(({ supersededBy }) => !supersededBy)
        .flatMap((delivery) => Object.values(delivery.billed).map(parseDecimal)),
    );
    const perMonth = billed.dividedBy(6).toNumber();
    expect(perMonth).toBeGreaterThan(480_000);
    expect(perMonth).toBeLessThan(800_000);
  });

  it("add up to the truth when CUR 2.0 files are summed digit by digit", { timeout: 120_000 }, async () => {
    for (const delivery of deliveriesOf("aws-cur2")) {
      const rows = await rowsOf(delivery);
      expect(rows).toHaveLength(delivery.rows);
      expect(text(total(rows, "line_item_unblended_cost"))).toBe(delivery.billed["USD"]);
      for (const [column, amount] of Object.entries(delivery.raw))
        expect(text(total(rows, column)), column).toBe(amount["USD"]);
    }
  });

  it("add up to billed and effective cost by the rules of line item types in the legacy report", async () => {
    for (const delivery of deliveriesOf("aws-cur-legacy")) {
      const rows = await rowsOf(delivery);
      expect(rows).toHaveLength(delivery.rows);
      expect(text(total(rows, "lineItem/UnblendedCost"))).toBe(delivery.billed["USD"]);
      expect(text(sum(rows.map(legacyEffectiveCost)))).toBe(delivery.effective["USD"]);
    }
  });

  it("add up to billed in Azure's actual files and to effective in the amortized ones", async () => {
    for (const delivery of deliveriesOf("azure")) {
      const actual = await rowsOf(delivery, (name) => name.startsWith("actual"));
      const amortized = await rowsOf(delivery, (name) => name.startsWith("amortized"));
      expect(actual.length + amortized.length).toBe(delivery.rows);
      expect(text(total(actual, "CostInBillingCurrency"))).toBe(delivery.billed["USD"]);
      expect(text(total(amortized, "CostInBillingCurrency"))).toBe(delivery.effective["USD"]);
      const usage = amortized.filter((row) => row["ChargeType"] === "Usage");
      expect(text(sum(usage.map((row) => parseDecimal(row["Quantity"]!).times(parseDecimal(row["PayGPrice"]!)))))).toBe(
        delivery.list!["USD"],
      );
    }
  });

  it("add up to cost and credits in GCP's export", async () => {
    for (const delivery of deliveriesOf("gcp")) {
      const rows = await rowsOf(delivery);
      expect(rows).toHaveLength(delivery.rows);
      const credits = rows.flatMap((row) =>
        [...row["credits"]!.matchAll(/"amount":([-\d.eE+]+)/g)].map(([, amount]) => parseDecimal(amount!)),
      );
      expect(text(total(rows, "cost"))).toBe(delivery.raw["cost"]!["USD"]);
      expect(text(total(rows, "cost").plus(sum(credits)))).toBe(delivery.billed["USD"]);
    }
  });

  it("add up per currency in the vendors' FOCUS files", async () => {
    for (const delivery of deliveriesOf("focus-1.2")) {
      const rows = await rowsOf(delivery);
      expect(Object.keys(rows[0]!)).toHaveLength(57);
      const [currency] = Object.keys(delivery.billed);
      expect(new Set(rows.map((row) => row["BillingCurrency"]))).toEqual(new Set([currency]));
      expect(text(total(rows, "BilledCost"))).toBe(delivery.billed[currency!]);
      expect(text(total(rows, "ListCost"))).toBe(delivery.raw["ListCost"]![currency!]);
      expect(
        text(
          total(
            rows.filter((row) => row["ChargeCategory"] === "Usage"),
            "ListCost",
          ),
        ),
      ).toBe(delivery.list![currency!]);
    }
  });

  it("have cells that add up to their delivery", () => {
    const cells = groupBy(truth.cells, (cell) => cell.delivery);
    for (const delivery of truth.deliveries) {
      for (const [currency, billed] of Object.entries(delivery.billed)) {
        expect(text(sum(cells.get(delivery.id)!.map((cell) => parseDecimal(cell.billed[currency] ?? "0"))))).toBe(
          billed,
        );
      }
      expect(cells.get(delivery.id)!.reduce((count, cell) => count + cell.rows, 0)).toBe(delivery.rows);
    }
  });
});

describe("commitments", () => {
  it("are used and unused to the last digit of their fee, every month", () => {
    expect(new Set(truth.commitments.map(({ billKind, type }) => `${billKind} ${type}`)).size).toBeGreaterThanOrEqual(
      6,
    );
    for (const commitment of truth.commitments) {
      expect(commitment.months.length, commitment.id).toBeGreaterThan(0);
      for (const month of commitment.months) {
        expect(text(parseDecimal(month.used).plus(parseDecimal(month.unused)))).toBe(month.fee);
        expect(parseDecimal(month.unused).isNegative()).toBe(false);
        expect(parseDecimal(month.used).isPositive()).toBe(true);
      }
    }
    expect(
      truth.commitments.some(({ months }) => months.some(({ unused }) => parseDecimal(unused).greaterThan(1))),
    ).toBe(true);
  });

  it(
    "of AWS are what the rows say: covered use and its negation cancel out, reservations fill their fee",
    { timeout: 120_000 },
    async () => {
      const plans = truth.commitments.filter(
        ({ billKind, type }) => billKind === "aws-cur2" && type === "savings-plan",
      );
      const reservations = truth.commitments.filter(
        ({ billKind, type }) => billKind === "aws-cur2" && type === "reservation",
      );
      for (const delivery of deliveriesOf("aws-cur2")) {
        const rows = await rowsOf(delivery);
        for (const plan of plans) {
          const own = rows.filter((row) => row["savings_plan_savings_plan_a_r_n"] === plan.id);
          const cancelled = own.filter((row) =>
            /SavingsPlan(CoveredUsage|Negation)/.test(row["line_item_line_item_type"]!),
          );
          expect(text(total(cancelled, "line_item_unblended_cost"))).toBe("0");
          const month = plan.months.find((candidate) => candidate.delivery === delivery.id);
          expect(text(total(own, "savings_plan_savings_plan_effective_cost"))).toBe(month?.used ?? "0");
          expect(text(total(own, "savings_plan_used_commitment"))).toBe(month?.used ?? "0");
          expect(text(total(own, "savings_plan_total_commitment_to_date"))).toBe(month?.fee ?? "0");
        }
        for (const reservation of reservations) {
          const own = rows.filter((row) => row["reservation_reservation_a_r_n"] === reservation.id);
          const month = reservation.months.find((candidate) => candidate.delivery === delivery.id);
          const used = total(own, "reservation_effective_cost");
          const unused = total(own, "reservation_unused_recurring_fee").plus(
            total(own, "reservation_unused_amortized_upfront_fee_for_billing_period"),
          );
          expect([text(used), text(unused), text(used.plus(unused))]).toEqual(
            month ? [month.used, month.unused, month.fee] : ["0", "0", "0"],
          );
          expect(text(total(own, "line_item_unblended_cost"))).toBe(month?.billed ?? "0");
        }
      }
    },
  );

  it("of Azure are bought in the actual file only and spread in the amortized file only", async () => {
    const commitments = truth.commitments.filter(({ billKind }) => billKind === "azure");
    for (const delivery of deliveriesOf("azure")) {
      const actual = await rowsOf(delivery, (name) => name.startsWith("actual"));
      const amortized = await rowsOf(delivery, (name) => name.startsWith("amortized"));
      expect(actual.some((row) => row["ChargeType"]!.startsWith("Unused"))).toBe(false);
      expect(amortized.some((row) => row["ChargeType"] === "Purchase" && row["PricingModel"] !== "OnDemand")).toBe(
        false,
      );
      for (const commitment of commitments) {
        const month = commitment.months.find((candidate) => candidate.delivery === delivery.id);
        const own = (rows: RawRow[]) => rows.filter((row) => row["benefitId"] === commitment.id);
        expect(text(total(own(amortized), "CostInBillingCurrency"))).toBe(month?.fee ?? "0");
        expect(text(total(own(actual), "CostInBillingCurrency"))).toBe(month?.billed ?? "0");
      }
    }
  });
});

describe("what is planted", () => {
  it("gives every cent of the shared cluster's nodes to pods or to unused cost", () => {
    expect(truth.sharedClusters.length).toBeGreaterThan(0);
    for (const cluster of truth.sharedClusters)
      expect(text(parseDecimal(cluster.splitCost).plus(parseDecimal(cluster.unusedCost)))).toBe(cluster.nodeCost);
  });

  it("has events of every kind, with what they cost", () => {
    expect(new Set(truth.events.map(({ kind }) => kind))).toEqual(
      new Set(["spike", "drift", "shift", "drop", "new-service", "weekend-switch-on"]),
    );
    for (const event of truth.events) {
      const [amount] = Object.values(event.amount);
      expect(parseDecimal(amount!).isNegative(), event.note).toBe(event.kind === "drop");
      expect(parseDecimal(amount!).abs().greaterThan(500), `${event.id} ${amount}`).toBe(true);
    }
  });

  it("explains a restated month by account and service", () => {
    expect(truth.restatements.map(({ first, restated }) => [first, restated])).toEqual([
      ["aws-cur2/2026-08", "aws-cur2-restated/2026-08"],
      ["azure/2026-07", "azure-restated/2026-07"],
    ]);
    for (const restatement of truth.restatements) {
      const billed = (id: string) =>
        parseDecimal(truth.deliveries.find((delivery) => delivery.id === id)!.billed["USD"]!);
      const changes = sum(restatement.changes.map((change) => parseDecimal(change.billed["USD"]!)));
      expect(text(changes)).toBe(text(billed(restatement.restated).minus(billed(restatement.first))));
      expect(changes.isZero()).toBe(false);
    }
  });

  it("leaves some cost untagged and some misspelled in every cloud", () => {
    for (const kind of ["aws-cur2", "aws-cur-legacy", "azure", "gcp"]) {
      const ids = new Set(deliveriesOf(kind).map(({ id }) => id));
      for (const state of ["missing", "misspelled", "correct"]) {
        const billed = sum(
          truth.tags
            .filter((tag) => ids.has(tag.delivery) && tag.state === state)
            .map((tag) => parseDecimal(tag.billed["USD"]!)),
        );
        expect(billed.greaterThan(0), `${kind} ${state}`).toBe(true);
      }
    }
  });

  it("has idle resources with what they cost", () => {
    expect(truth.idleResources.length).toBeGreaterThan(10);
    for (const idle of truth.idleResources)
      expect(parseDecimal(Object.values(idle.billed)[0]!).greaterThan(0), idle.kind).toBe(true);
  });
});

describe("an order of bills", () => {
  it(
    "gives the same bytes and the same truth for the same seed, and others for another",
    { timeout: 300_000 },
    async () => {
      const order = { rows: 9_000, endMonth: "2026-03-17", months: 2 };
      const [one, again, other] = [join(folder, "one"), join(folder, "again"), join(folder, "other")];
      const first = await generateBills({ ...order, seed: 7, outDir: one });
      expect(await generateBills({ ...order, seed: 7, outDir: again })).toEqual(first);
      expect(await hashesOf(again)).toEqual(await hashesOf(one));
      expect((await generateBills({ ...order, seed: 8, outDir: other })).cells).not.toEqual(first.cells);
      expect(first.period).toEqual({ start: "2026-02-01", end: "2026-03-18" });
    },
  );

  it("cuts a long month into files of bounded size that add up to the same", { timeout: 120_000 }, async () => {
    const order = { rows: 9_000, seed: 3, endMonth: "2026-03", months: 2, formats: ["aws-cur-legacy", "gcp"] as const };
    const whole = await generateBills({ ...order, outDir: join(folder, "whole") });
    const cut = await generateBills({ ...order, outDir: join(folder, "cut"), rowsPerFile: 500 });
    expect(cut.deliveries[0]!.files.length).toBeGreaterThan(whole.deliveries[0]!.files.length + 2);
    expect(cut.cells).toEqual(whole.cells);
    expect(cut.commitments).toEqual(whole.commitments);
  });

  it("is refused when the folder is not empty or the rows are too few", async () => {
    const order = { seed: 1, endMonth: "2026-03", months: 2 };
    await expect(generateBills({ ...order, rows: 20_000, outDir: join(folder, "bills") })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(generateBills({ ...order, rows: 50, outDir: join(folder, "tiny") })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("stops when it is told to and leaves no scratch files", async () => {
    const stop = new AbortController();
    const outDir = join(folder, "stopped");
    const order = generateBills({
      rows: 20_000,
      seed: 1,
      endMonth: "2026-03",
      months: 3,
      outDir,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(order).rejects.toThrow();
    expect(await readdir(outDir)).not.toContain(".generating");
  });
});

function legacyEffectiveCost(row: RawRow): Decimal {
  const at = (column: string) => parseDecimal(row[column] || "0");
  switch (row["lineItem/LineItemType"]) {
    case "SavingsPlanCoveredUsage":
      return at("savingsPlan/SavingsPlanEffectiveCost");
    case "SavingsPlanRecurringFee":
      return at("savingsPlan/TotalCommitmentToDate").minus(at("savingsPlan/UsedCommitment"));
    case "DiscountedUsage":
      return at("reservation/EffectiveCost");
    case "RIFee":
      return at("reservation/UnusedRecurringFee").plus(at("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"));
    case "SavingsPlanNegation":
    case "SavingsPlanUpfrontFee":
      return decimal(0);
    case "Fee":
      return row["reservation/ReservationARN"] ? decimal(0) : at("lineItem/UnblendedCost");
    default:
      return at("lineItem/UnblendedCost");
  }
}

async function hashesOf(root: string): Promise<[string, string][]> {
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const hashes = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const path = join(file.parentPath, file.name);
      return [
        path.slice(root.length),
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      ];
    }),
  );
  return hashes.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
