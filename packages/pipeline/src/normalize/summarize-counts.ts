import { AppError } from "@finops/kernel/app-error";
import { type Decimal, decimal, zero } from "@finops/kernel/decimal";
import type { PlainCount } from "../engine/normalize-task.ts";
import type { ImportReport } from "../import-report.ts";

export type RowAccount = Pick<
  ImportReport,
  | "rowsRead"
  | "rowsMapped"
  | "rowsRejected"
  | "rowsDropped"
  | "rowsDerived"
  | "rowsPublished"
  | "rawCost"
  | "bridge"
  | "rejectedCost"
  | "billedCost"
  | "effectiveCost"
>;

/**
 * The account of an import from the counts of its stage. Throws `internal` when a mapping moved cost without a rule: then
 * its figures cannot be explained, and nothing may be published.
 */
export function summarizeCounts(counts: readonly PlainCount[], unreadableRows: number): RowAccount {
  const rows = (pick: (count: PlainCount) => boolean) =>
    counts.filter(pick).reduce((sum, count) => sum + count.rows, 0);
  const published = counts.filter((count) => count.state === "published");
  const rowsMapped = rows((count) => count.state === "published" && !count.derived);
  const rowsDerived = rows((count) => count.state === "published" && count.derived);
  const rowsRejected = rows((count) => count.state === "rejected" && !count.derived) + unreadableRows;
  const rowsDropped = rows((count) => count.state === "dropped");
  const account: RowAccount = {
    rowsRead: rowsMapped + rowsRejected + rowsDropped,
    rowsMapped,
    rowsRejected,
    rowsDropped,
    rowsDerived,
    rowsPublished: rowsMapped + rowsDerived,
    rawCost: byCurrency(counts, (count) => decimal(count.rawCost)),
    bridge: bridgeOf(counts),
    rejectedCost: byCurrency(
      counts.filter((count) => count.state === "rejected"),
      (count) => decimal(count.rawCost),
    ),
    billedCost: byCurrency(published, (count) => decimal(count.billedCost)),
    effectiveCost: byCurrency(published, (count) => decimal(count.effectiveCost)),
  };
  requireExplained(account);
  return account;
}

function byCurrency(counts: readonly PlainCount[], cost: (count: PlainCount) => Decimal): Record<string, string> {
  const sums = new Map<string, Decimal>();
  for (const count of counts) sums.set(count.currency, (sums.get(count.currency) ?? zero).plus(cost(count)));
  return Object.fromEntries(
    [...sums]
      .filter(([currency, sum]) => currency !== "" || !sum.isZero())
      .map(([currency, sum]) => [currency, sum.toString()]),
  );
}

/** Per rule, what it moved: the billed cost of published rows less what the source said; for dropped rows, less all of it. */
function bridgeOf(counts: readonly PlainCount[]): ImportReport["bridge"] {
  const rules = new Map<string, PlainCount[]>();
  for (const count of counts) {
    if (count.rule === null || count.state === "rejected") continue;
    rules.set(count.rule, [...(rules.get(count.rule) ?? []), count]);
  }
  return [...rules]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([rule, of]) => ({
      rule,
      rows: of.reduce((sum, count) => sum + count.rows, 0),
      cost: byCurrency(of, (count) =>
        count.state === "dropped"
          ? decimal(count.rawCost).negated()
          : decimal(count.billedCost).minus(decimal(count.rawCost)),
      ),
    }));
}

function requireExplained(account: RowAccount): void {
  const currencies = new Set([
    ...Object.keys(account.rawCost),
    ...Object.keys(account.billedCost),
    ...Object.keys(account.rejectedCost),
  ]);
  for (const currency of currencies) {
    const of = (costs: Record<string, string>) => decimal(costs[currency] ?? "0");
    const left = account.bridge.reduce((sum, rule) => sum.plus(of(rule.cost)), of(account.rawCost));
    const right = of(account.billedCost).plus(of(account.rejectedCost));
    if (!left.equals(right)) {
      throw new AppError(
        "internal",
        `The mapping moved ${right.minus(left).toString()} ${currency} without saying by which rule, so nothing was published. Please report this with the bill's format.`,
        { internal: JSON.stringify(account) },
      );
    }
  }
}
