import type { ImportReport } from "@finops/capabilities/sources/contract";
import { type Decimal, decimal, sum } from "@finops/kernel/decimal";

/** The money of an import in one currency: raw cost, what each rule moved, and what it must come to. */
export interface Ledger {
  currency: string;
  raw: string;
  bridge: { rule: string; rows: number; amount: string }[];
  billed: string;
  rejected: string;
  /** raw + bridge - billed - rejected: zero, or the report is wrong and says so. */
  difference: Decimal;
}

export function ledgersOf(report: ImportReport): Ledger[] {
  const currencies = [
    ...new Set(
      [report.rawCost, report.billedCost, report.rejectedCost, ...report.bridge.map((step) => step.cost)].flatMap(
        (costs) => Object.keys(costs),
      ),
    ),
  ].toSorted();
  return currencies.map((currency) => {
    const bridge = report.bridge
      .filter((step) => currency in step.cost)
      .map((step) => ({ rule: step.rule, rows: step.rows, amount: step.cost[currency]! }));
    const [raw, billed, rejected] = [
      report.rawCost[currency] ?? "0",
      report.billedCost[currency] ?? "0",
      report.rejectedCost[currency] ?? "0",
    ];
    const difference = sum([decimal(raw), ...bridge.map((step) => decimal(step.amount))])
      .minus(decimal(billed))
      .minus(decimal(rejected));
    return { currency, raw, bridge, billed, rejected, difference };
  });
}

/** Whether every row that was read is accounted for, and every row that was published came from somewhere. */
export function doRowsAddUp(report: ImportReport): boolean {
  return (
    report.rowsRead === report.rowsMapped + report.rowsRejected + report.rowsDropped &&
    report.rowsPublished === report.rowsMapped + report.rowsDerived
  );
}
